using System.Security.Cryptography;
using System.Text;

namespace ErlChat.Terminal.Storing;

/// <summary>
/// Where the program stores things by default: <c>erlchat</c> in <c>XDG_STATE_HOME</c>, or else in <c>~/.local/state</c>. Only its owner
/// may enter it.
/// </summary>
internal static class StateFolder
{
    /// <summary>The file for a nick on a chat, in the folder, which is created; null if there is no home.</summary>
    /// <param name="servers">The chat's servers, in any order.</param>
    /// <param name="nick">The nick as typed: each spelling of it has a file, because only the server knows which are the same nick.</param>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    internal static string? PathOf(IEnumerable<Uri> servers, string nick)
    {
        if (Folder() is not { } folder)
            return null;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        return Path.Combine(folder, NameOf(servers, nick));
    }

    /// <summary>The name of the file: at most 48 ASCII characters, whatever the nick is.</summary>
    internal static string NameOf(IEnumerable<Uri> servers, string nick)
    {
        // The first part says what it is. It has not all letters of all scripts, so the hash keeps apart what is left out of it.
        string who = nick.Trim().ToLowerInvariant();
        string name = string.Concat(who.Where(char.IsAsciiLetterOrDigit).Take(16));
        string chat = string.Join(' ', servers.Select(server => server.AbsoluteUri).Order(StringComparer.Ordinal));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{chat} {who}")));
        return $"{(name.Length > 0 ? name : "nick")}-{hash[..16]}.session";
    }

    private static string? Folder()
    {
        string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (state is not null && Path.IsPathFullyQualified(state))
            return Path.Combine(state, "erlchat");
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "erlchat");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0 ? Path.Combine(home, ".local", "state", "erlchat") : null;
    }
}
