namespace ErlChat.Members;

/// <summary>The answer to a password, or to the wish for a new one.</summary>
/// <param name="Result">The result.</param>
/// <param name="Wait">How long until another try is allowed; only with <see cref="PasswordResult.TooManyTries"/>.</param>
public sealed record PasswordAnswer(PasswordResult Result, TimeSpan Wait = default)
{
    /// <summary>What a first password replaced, and with what; null for all other answers.</summary>
    internal (StoredPassword? Before, StoredPassword Set)? Change { get; init; }

    /// <summary>The answer of a hashing that came to no hash to store.</summary>
    internal static PasswordAnswer Of(HashAnswer answer) => new(
        answer.End switch
        {
            HashEnd.Right => PasswordResult.Accepted,
            HashEnd.Wrong => PasswordResult.Wrong,
            HashEnd.TooManyTries => PasswordResult.TooManyTries,
            _ => PasswordResult.Unavailable,
        },
        answer.Wait);
}

/// <summary>The kinds of answers.</summary>
public enum PasswordResult
{
    /// <summary>The password is right, or the new one is stored.</summary>
    Accepted,

    /// <summary>
    /// The password is wrong, the member has none, or there is no such member. Nothing tells which, not even the time it takes.
    /// </summary>
    Wrong,

    /// <summary>The new password is too short.</summary>
    TooShort,

    /// <summary>The new password is too long.</summary>
    TooLong,

    /// <summary>The new password is the nick.</summary>
    IsNick,

    /// <summary>There is no such reset link. It was used, replaced or mistyped, or its time is over.</summary>
    BadLink,

    /// <summary>There were too many tries, so the password was not checked, or the new one not stored.</summary>
    TooManyTries,

    /// <summary>The database cannot be used now, or the server is stopping.</summary>
    Unavailable,
}
