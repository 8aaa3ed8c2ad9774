using System.Text.Json;
using ErlChat.Client;

namespace ErlChat.Terminal.Storing;

/// <summary>The file with those whom the user ignores on a server that does not keep this.</summary>
internal static class IgnoredFile
{
    /// <summary>Reads the file; empty if there is none, or it has something else in it.</summary>
    internal static IReadOnlyList<IgnoredUser> Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<IgnoredUser[]>(File.ReadAllBytes(path)) is { } users
                && Array.TrueForAll(users, static user => user is { Nick: not null, UserId: not null })
                    ? users
                    : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>Replaces the file at once, so that a program that is killed leaves a whole one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    internal static void Save(string path, IReadOnlyList<IgnoredUser> users)
    {
        string whole = path + ".new";
        File.Delete(whole);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(whole, options))
            JsonSerializer.Serialize(file, users);
        File.Move(whole, path, overwrite: true);
    }
}
