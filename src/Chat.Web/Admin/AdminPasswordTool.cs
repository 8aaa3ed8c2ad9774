namespace ErlChat.Web.Admin;

/// <summary><c>make admin-password</c>: reads a password from the input, prints the line to configure.</summary>
internal static class AdminPasswordTool
{
    private const int MinLength = 8;

    internal static int Run(TextReader input, TextWriter output, TextWriter error)
    {
        error.Write("Administrators' password: ");
        string? password = input.ReadLine();
        if (password is null || password.Length < MinLength || password.Any(char.IsWhiteSpace))
        {
            error.WriteLine($"A password must have at least {MinLength} characters and no blanks, since it is typed after /auth.");
            return 2;
        }

        error.WriteLine();
        output.WriteLine($"Chat__AdminPasswordHash='{PasswordHash.Create(password)}'");
        return 0;
    }
}
