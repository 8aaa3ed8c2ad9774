using ErlChat.Web.Passwords;

namespace ErlChat.Web.Admin;

/// <summary>
/// <c>make admin-password</c>: reads a password from the input and prints the setting for it. At a terminal it hides the password, asks for
/// it twice, and says where the setting belongs.
/// </summary>
internal static class AdminPasswordTool
{
    private const int MinLength = 8;

    /// <param name="output">Gets the setting and nothing else, so that it can be redirected to a file.</param>
    /// <param name="error">Gets everything that is meant for the user.</param>
    /// <param name="nextKey">Reads a key from the terminal, or null if the input is not a terminal.</param>
    internal static int Run(TextReader input, TextWriter output, TextWriter error, Func<ConsoleKeyInfo>? nextKey = null)
    {
        error.Write($"Administrators' password (at least {MinLength} characters, no blanks): ");
        string? password = nextKey is null ? input.ReadLine() : HiddenLine.Read(nextKey);
        error.WriteLine();
        if (password is null || password.Length < MinLength || password.Any(char.IsWhiteSpace))
        {
            error.WriteLine($"A password must have at least {MinLength} characters and no blanks, since it is typed after /auth.");
            return 2;
        }

        if (nextKey is not null)
        {
            error.Write("The same again: ");
            bool same = HiddenLine.Read(nextKey) == password;
            error.WriteLine();
            if (!same)
            {
                error.WriteLine("The two passwords differ.");
                return 2;
            }
        }

        string hash = PasswordHash.Create(password).ToString();
        if (nextKey is not null)
            error.WriteLine("The line for /etc/erlchat/environment, or for wherever else the server gets its environment from:");
        output.WriteLine($"Chat__AdminPasswordHash='{hash}'");
        if (nextKey is not null)
        {
            error.WriteLine("The same for appsettings.json:");
            error.WriteLine($"\"Chat\": {{ \"AdminPasswordHash\": \"{hash}\" }}");
            error.WriteLine("Use one of them, and restart the server.");
        }

        return 0;
    }
}
