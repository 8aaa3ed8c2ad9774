using ErlChat.Appending;
using ErlChat.Log;
using ErlChat.Members;
using ErlChat.Outcomes;
using ErlChat.Sessions;
using ErlChat.State;

namespace ErlChat.Rooms;

/// <summary>How persons are erased, and addresses forgotten (docs/privacy.md).</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class Erasures
{
    private readonly GuardedState _state;
    private readonly CommandQueue _commands;
    private readonly ICredentialStore? _credentials;

    internal Erasures(GuardedState state, CommandQueue commands, ICredentialStore? credentials) =>
        (_state, _commands, _credentials) = (state, commands, credentials);

    /// <inheritdoc cref="ChatState.WasErased"/>
    internal bool WasErased(long sequence, Erased entry)
    {
        lock (_state.Gate)
            return _state.Now.WasErased(sequence, entry);
    }

    /// <summary>Erases a person: all sessions, the nick, the credentials, and whatever the person wrote.</summary>
    /// <param name="by">A session of that person, or of an administrator.</param>
    /// <param name="userId">The person's user id.</param>
    /// <param name="key">The client's idempotency key; null for none.</param>
    /// <returns><see cref="Accepted"/>, or refused for BadSession, NotAdmin, NoSuchUser, Unavailable or Stopping.</returns>
    public async Task<Outcome> EraseAsync(SessionKey by, string userId, string? key = null)
    {
        Erased? entry;
        lock (_state.Gate)
            entry = _state.Now.ErasureOf(by, userId);
        if (entry is null)
            return new Refused(Refusal.NoSuchUser);
        Outcome outcome = await _commands.ExecuteAsync(entry with { Key = key });
        if (outcome is Accepted && _credentials is not null)
            await EraseCredentialsAsync(_credentials, userId);
        return outcome;
    }

    /// <inheritdoc cref="ChatState.HasAddressesBefore"/>
    internal bool HasAddressesBefore(DateTimeOffset before)
    {
        lock (_state.Gate)
            return _state.Now.HasAddressesBefore(before);
    }

    /// <summary>Forgets the addresses that were used before a time.</summary>
    internal Task<Outcome> ForgetAddressesAsync(DateTimeOffset before) => _commands.ExecuteAsync(new ForgotAddresses(before));

    private static async Task EraseCredentialsAsync(ICredentialStore credentials, string userId)
    {
        try
        {
            await credentials.EraseAsync(userId);
        }
        catch (LogUnavailableException)
        {
            // Nobody can log in with them any more. They are removed with what is stored of the person.
        }
    }
}
