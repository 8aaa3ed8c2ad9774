using ErlChat.Limits;

namespace ErlChat.Web.Passwords;

/// <summary>How many passwords may be tried in a minute, and how many may wait.</summary>
/// <param name="Kind">As what a refusal is counted.</param>
/// <param name="PerTrier">How many tries of one trier are accepted. Further ones are refused.</param>
/// <param name="PerAddress">How many tries from one address are served. Further ones wait.</param>
/// <param name="PerServer">How many tries are served in all. Further ones wait.</param>
/// <param name="Waiting">How many tries may wait at a time.</param>
/// <param name="Patience">How long a try waits at most.</param>
internal sealed record TryLimits(LimitKind Kind, int PerTrier, int PerAddress, int PerServer, int Waiting, TimeSpan Patience)
{
    /// <summary>How many tries of one person's password are served. Further ones wait. Null for no limit.</summary>
    internal int? PerPerson { get; init; }
}
