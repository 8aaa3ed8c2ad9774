namespace ErlChat.Load.Drivers;

/// <summary>Takes what listeners get.</summary>
internal interface IDeliveries
{
    /// <summary>An answer with content: one message or several, found with <see cref="Marks"/>.</summary>
    void Delivered(Listener listener, ReadOnlySpan<byte> content);

    /// <summary>A listener is out: its poll was refused, or its connection was lost.</summary>
    void Failed(Listener listener, string why);
}
