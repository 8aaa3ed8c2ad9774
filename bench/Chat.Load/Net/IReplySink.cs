namespace ErlChat.Load.Net;

/// <summary>Takes what nobody awaits: the answers to parked polls, frames of a socket. Called on the reactor's thread; the reply's bytes are gone afterwards.</summary>
internal interface IReplySink
{
    void Received(in Reply reply);

    /// <summary>The server closed the connection, or sent what cannot be read.</summary>
    void Lost(string why);
}
