using System.Text;

namespace ErlChat.Load.Drivers.Comet;

/// <summary>Logs in and enters a room.</summary>
internal static class CometLogin
{
    private const string Mark = "Set-Cookie: ";

    /// <summary>Logs in and enters the room. Returns the cookie.</summary>
    internal static async Task<string> EnterAsync(Connection connection, string nick, string? room)
    {
        Answer answer = await connection.AskAsync(Encoding.ASCII.GetBytes(Post("/login/", null, "nick=" + nick)));
        int start = answer.Head.IndexOf(Mark, StringComparison.Ordinal);
        if (answer.Status != 302 || start < 0)
            throw new IOException("The login was refused: " + answer);
        string cookie = answer.Head[(start + Mark.Length)..answer.Head.IndexOf(';', start)];
        if (room is not null)
        {
            answer = await connection.AskAsync(Encoding.ASCII.GetBytes(Post("/chat/join/", cookie, "room=" + room)));
            if (answer.Status != 200 || !answer.Text.StartsWith("{\"status\":\"ok\"", StringComparison.Ordinal))
                throw new IOException("The room was refused: " + answer);
        }

        return cookie;
    }

    internal static string Post(string path, string? cookie, string form) =>
        $"POST {path} HTTP/1.1\r\nHost: h\r\n{(cookie is null ? "" : $"Cookie: {cookie}\r\n")}"
        + "Content-Type: application/x-www-form-urlencoded\r\n"
        + $"Content-Length: {form.Length}\r\n\r\n{form}";
}
