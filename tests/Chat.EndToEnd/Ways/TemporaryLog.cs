namespace ErlChat.EndToEnd;

/// <summary>
/// A durable log in a temporary folder, for a server that is restarted. Disposing deletes it, so dispose the server first.
/// </summary>
internal sealed class TemporaryLog(params string[] more) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat").FullName;

    /// <summary>The server's options: the log, a short retry time for pages, and any others given.</summary>
    internal IEnumerable<string> Options =>
        ["--Log:Kind=Sqlite", $"--Log:Path={_folder}/chat.db", "--Chat:RetryFirst=00:00:00.2", "--Chat:RetryLongest=00:00:00.5", .. more];

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
