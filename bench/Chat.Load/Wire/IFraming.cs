namespace ErlChat.Load.Wire;

/// <summary>Splits received bytes into replies.</summary>
internal interface IFraming
{
    /// <summary>
    /// Reads one reply from the beginning of <paramref name="input"/>. Returns false when it is not complete yet: call again with more
    /// bytes after the same ones.
    /// </summary>
    /// <param name="consumed">The number of bytes that belong to the reply.</param>
    /// <exception cref="InvalidDataException">The bytes are not a valid reply, and more bytes will not make them one.</exception>
    bool TryRead(ReadOnlySpan<byte> input, out Reply reply, out int consumed);
}
