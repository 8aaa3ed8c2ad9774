using ErlChat.Client;

namespace ErlChat.Terminal;

/// <summary>What the program ends with, for scripts.</summary>
internal static class ExitCodes
{
    internal const int Ok = 0;

    /// <summary>It ran, and did not do all that it should: a line was not said, a peer does not answer.</summary>
    internal const int Failed = 1;

    internal const int Usage = 2;

    /// <summary>The server cannot be reached, takes nobody from here, or ended the session.</summary>
    internal const int CannotConnect = 3;

    internal const int NickRefused = 4;

    internal static int Of(ChatException e) => e is ChatRefusedException { Why: ChatRefusal.NickInUse or ChatRefusal.NickNotAllowed } ? NickRefused : CannotConnect;
}
