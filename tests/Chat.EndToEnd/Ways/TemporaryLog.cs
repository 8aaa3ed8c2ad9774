namespace ErlChat.EndToEnd;

/// <summary>A durable log in a folder of its own, for a server that is restarted. Disposing removes it, so it must outlive the
/// server.</summary>
internal sealed class TemporaryLog(params string[] more) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat").FullName;

    /// <summary>The server's options: the log, pages that try again soon, and whatever else was given.</summary>
    internal IEnumerable<string> Options =>
        ["--Log:Kind=Sqlite", $"--Log:Path={_folder}/chat.db", "--Chat:RetryFirst=00:00:00.2", "--Chat:RetryLongest=00:00:00.5", .. more];

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
