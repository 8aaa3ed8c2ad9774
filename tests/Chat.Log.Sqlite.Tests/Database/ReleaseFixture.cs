using System.IO.Compression;
using System.Text.Json;
using ErlChat.Sessions;
using ErlChat.Sqlite.Files;

namespace ErlChat.Tests;

/// <summary>
/// Databases that earlier releases wrote, and what these releases said was in them (<c>Fixtures/make.py</c>). There are members since
/// schema 4. Administrators for good, invitations and identities elsewhere came with schema 5, and e-mail addresses and renamed rooms with
/// schema 6, whose fixture is of this release.
/// </summary>
internal static class ReleaseFixture
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures");

    internal static IEnumerable<string> All => Directory.GetFiles(Folder, "*.db.gz")
        .Select(file => Path.GetFileName(file)[..^".db.gz".Length])
        .Order(StringComparer.Ordinal);

    /// <summary>Puts a release's database in place. Returns what the release said of it.</summary>
    internal static JsonElement Unpack(string name, SqliteParts parts)
    {
        DatabaseFiles.Create(parts.File);
        using (var packed = new GZipStream(File.OpenRead(Path.Combine(Folder, name + ".db.gz")), CompressionMode.Decompress))
        using (FileStream file = File.Open(parts.File, FileMode.Truncate))
            packed.CopyTo(file);
        using JsonDocument said = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        return said.RootElement.Clone();
    }

    /// <summary>The key of the session that somebody has.</summary>
    internal static SessionKey KeyOf(JsonElement said, string nick)
    {
        JsonElement person = said.GetProperty("people").EnumerateArray().Single(one => one.GetProperty("nick").GetString() == nick);
        return SessionKey.Parse(person.GetProperty("key").GetString()!);
    }

    internal static IEnumerable<string> TextsOf(JsonElement list) => list.EnumerateArray().Select(one => one.GetString()!);
}
