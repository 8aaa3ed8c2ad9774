using ErlChat.Outcomes;
using ErlChat.Texts;

namespace ErlChat.Commands;

/// <summary>What refusals are called when they are told as system messages.</summary>
internal static class Explanations
{
    /// <summary>Why words did not reach a room or a person.</summary>
    internal static string? OfSaying(Refused refused, string target) => refused.Why switch
    {
        Refusal.Secret => AuthText.NotSent,
        Refusal.Muted => "You may not speak at the moment.",
        Refusal.NotInRoom => $"You are not in {target}.",
        Refusal.NoSuchUser => $"There is no user {target}.",
        _ => null,
    };
}
