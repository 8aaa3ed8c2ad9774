namespace ErlChat.Members;

/// <summary>Which passwords a member may choose.</summary>
/// <remarks>
/// Length is all that counts: rules about digits and signs make passwords that are hard to remember and no harder to guess.
/// </remarks>
public static class PasswordRule
{
    /// <summary>The longest password, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>What is wrong with a new password; null if nothing is.</summary>
    /// <param name="password">As typed.</param>
    /// <param name="nick">The member's nick, which everybody knows.</param>
    /// <param name="minLength"><see cref="MemberOptions.MinPasswordLength"/>.</param>
    public static PasswordResult? Check(string password, string nick, int minLength)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (password.Length > MaxLength * 2)
            return PasswordResult.TooLong;
        int length = password.EnumerateRunes().Count();
        return length > MaxLength ? PasswordResult.TooLong
            : length < minLength ? PasswordResult.TooShort
            : string.Equals(password.Trim(), nick, StringComparison.OrdinalIgnoreCase) ? PasswordResult.IsNick
            : null;
    }
}
