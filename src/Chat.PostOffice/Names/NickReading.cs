namespace ErlChat.Names;

/// <summary>What came out of reading a nick that a user typed.</summary>
/// <param name="Nick">The nick; null if it is not allowed.</param>
/// <param name="Fault">Why it is not allowed.</param>
public readonly record struct NickReading(string? Nick, NickFault Fault = NickFault.None);

/// <summary>Why a nick is not allowed, whoever else is there.</summary>
public enum NickFault
{
    /// <summary>It is allowed.</summary>
    None,

    /// <summary>It is empty, or has something else than letters and digits, or too many marks on one letter.</summary>
    Characters,

    /// <summary>It is too long.</summary>
    TooLong,

    /// <summary>Its letters or its digits are not all of one script.</summary>
    Mixed,
}
