namespace ErlChat.Load.Net;

/// <summary>
/// Receives replies that no caller awaits: answers to parked polls, and frames of a socket. Called on the reactor's thread. The bytes of
/// the reply are valid only during the call.
/// </summary>
internal interface IReplySink
{
    void Received(in Reply reply);

    /// <summary>The server closed the connection, or sent something that cannot be parsed.</summary>
    void Lost(string why);
}
