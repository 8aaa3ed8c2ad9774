namespace ErlChat.Members;

/// <summary>A password as it is stored.</summary>
/// <param name="Hash">The salted hash, in the format of whoever computes it (<see cref="IPasswordHashing"/>).</param>
/// <param name="ChangedAt">When the member chose it. A new hash of the same password leaves this as it is.</param>
public sealed record StoredPassword(string Hash, DateTimeOffset ChangedAt)
{
    /// <summary>Leaves the hash out, so that no log shows it by accident.</summary>
    public override string ToString() => $"a password of {ChangedAt:O}";
}
