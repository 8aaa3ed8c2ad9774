using ErlChat.Client;

namespace ErlChat.Terminal.Storing;

/// <summary>The stored session of this program's user. Stays open while the program runs.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="file">The file.</param>
/// <param name="path">Its path.</param>
/// <param name="stored">The session that it contains; null for none.</param>
/// <param name="failed">Is told once if the file cannot be written.</param>
internal sealed class SessionStore(SessionFile file, string path, StoredSession? stored, Action<string> failed) : IDisposable
{
    private readonly Lock _gate = new();
    private bool _hasFailed;
    private bool _isClosed;

    /// <summary>The session to resume; null for none.</summary>
    internal StoredSession? Stored { get; private set; } = stored;

    /// <summary>The file for whom the user ignores, if the server does not keep that.</summary>
    internal string IgnoredPath => path + ".ignored";

    /// <summary>Opens a file, which must be that of this chat. Whether it is that of this user, the server has to be asked.</summary>
    /// <exception cref="PrivateFileException">The file cannot be used.</exception>
    /// <exception cref="FormatException">The file has the session of another chat.</exception>
    internal static SessionStore Open(string path, Uri[] servers, Action<string> failed)
    {
        SessionFile file = SessionFile.Open(path);
        try
        {
            StoredSession? stored = file.Load();

            // Otherwise another server would get the session's secret.
            return stored is null || stored.Servers.ToHashSet().SetEquals(servers)
                ? new SessionStore(file, path, stored, failed)
                : throw NotYours(path, stored);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Says that the session is another user's.</summary>
    internal FormatException NotYours(StoredSession session) => NotYours(path, session);

    /// <summary>Stores the session instead of the one before.</summary>
    /// <param name="session">The session.</param>
    /// <param name="isCurrent">Is asked just before: false if the session has been left meanwhile; null for yes.</param>
    internal void Save(StoredSession session, Func<bool>? isCurrent = null) => Do(() =>
    {
        // Otherwise it could be written after it was forgotten.
        if (isCurrent?.Invoke() == false)
            return;
        file.Save(session);
        Stored = session;
    });

    /// <summary>Forgets the session, because it has ended.</summary>
    internal void Forget() => Do(() =>
    {
        file.Clear();
        Stored = null;
    });

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            file.Dispose();
        }
    }

    private static FormatException NotYours(string path, StoredSession session) =>
        new($"{path} has the session of {session.Nick} at {string.Join(",", session.Servers)}. Choose another file.");

    private void Do(Action change)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            try
            {
                change();
                return;
            }
            catch (PrivateFileException e)
            {
                if (_hasFailed)
                    return;
                _hasFailed = true;
                failed(e.Message);
            }
        }
    }
}
