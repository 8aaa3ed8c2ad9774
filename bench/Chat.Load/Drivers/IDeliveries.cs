namespace ErlChat.Load.Drivers;

/// <summary>Receives what listeners get.</summary>
internal interface IDeliveries
{
    /// <summary>An answer with content: one message or several, to be found with <see cref="Marks"/>.</summary>
    void Delivered(Listener listener, ReadOnlySpan<byte> content);

    /// <summary>A listener has dropped out: its poll was refused, or its connection was lost.</summary>
    void Failed(Listener listener, string why);
}
