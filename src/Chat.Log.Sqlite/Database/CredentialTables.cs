namespace ErlChat.Sqlite.Database;

/// <summary>The tables of what proves that somebody is a member. They do not follow from the log (docs/adr/0017).</summary>
internal static class CredentialTables
{
    /// <summary>Creates them.</summary>
    internal const string Create = """
        CREATE TABLE password (user_id TEXT PRIMARY KEY, hash TEXT NOT NULL, changed_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE reset_link (
            user_id TEXT PRIMARY KEY, token_sha256 TEXT NOT NULL UNIQUE, expires INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE external_identity (
            issuer TEXT NOT NULL, subject TEXT NOT NULL, user_id TEXT NOT NULL, PRIMARY KEY (issuer, subject)) WITHOUT ROWID;
        CREATE INDEX external_identity_user ON external_identity (user_id);
        CREATE TABLE email_address (user_id TEXT PRIMARY KEY, address TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE email_link (
            user_id TEXT PRIMARY KEY, token_sha256 TEXT NOT NULL UNIQUE, address TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE invitation_link (token_sha256 TEXT PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE appointment (nick TEXT PRIMARY KEY, made_at INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>The tables of members. Each has a column <c>user_id</c>.</summary>
    internal static IReadOnlyList<string> OfMembers { get; } =
        ["password", "reset_link", "external_identity", "email_address", "email_link"];

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<string> All { get; } = [.. OfMembers, "invitation_link", "appointment"];

    /// <summary>Those that a database of a version has.</summary>
    internal static IReadOnlyList<string> In(long version) => [.. All.Where(table => version >= FirstVersionOf(table))];

    /// <summary>The columns of one of them.</summary>
    internal static string ColumnsOf(string table) => table switch
    {
        "password" => "user_id, hash, changed_at",
        "reset_link" => "user_id, token_sha256, expires",
        "invitation_link" => "token_sha256, expires",
        "appointment" => "nick, made_at",
        "email_address" => "user_id, address",
        "email_link" => "user_id, token_sha256, address, expires",
        _ => "issuer, subject, user_id",
    };

    /// <summary>The primary key of one of them.</summary>
    internal static string KeyOf(string table) => table switch
    {
        "external_identity" => "issuer, subject",
        "invitation_link" => "token_sha256",
        "appointment" => "nick",
        _ => "user_id",
    };

    private static int FirstVersionOf(string table) => table switch
    {
        "invitation_link" or "appointment" => Schema.WithInvitations,
        "email_address" or "email_link" => Schema.WithEmails,
        _ => Schema.WithCredentials,
    };
}
