using ErlChat.Client;

namespace ErlChat.Terminal;

/// <summary>The program's exit codes, for scripts.</summary>
internal static class ExitCodes
{
    internal const int Ok = 0;

    /// <summary>The program ran, but something failed: a line was not sent, or a peer does not answer.</summary>
    internal const int Failed = 1;

    internal const int Usage = 2;

    /// <summary>The server cannot be reached, refuses this address, or ended the session.</summary>
    internal const int CannotConnect = 3;

    /// <summary>The nick is refused, or its password.</summary>
    internal const int NickRefused = 4;

    internal static int Of(ChatException e) =>
        e is ChatRefusedException
        {
            Why: ChatRefusal.NickInUse or ChatRefusal.NickNotAllowed or ChatRefusal.WrongPassword or ChatRefusal.NoGuests,
        }
            ? NickRefused
            : CannotConnect;
}
