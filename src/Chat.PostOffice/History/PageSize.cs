namespace ErlChat.History;

/// <summary>How large a page of history may get.</summary>
/// <param name="Items">Most items; 1 or more.</param>
/// <param name="Bytes">Most bytes of text, as UTF-8 and with 100 for each item's frame. One item is given whatever it takes.</param>
public readonly record struct PageSize(int Items, int Bytes)
{
    /// <summary>So many items, however long they are.</summary>
    public static PageSize FromInt32(int items) => new(items, int.MaxValue);

    /// <inheritdoc cref="FromInt32"/>
    public static implicit operator PageSize(int items) => FromInt32(items);
}
