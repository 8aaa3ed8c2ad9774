using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ErlChat.State;

namespace ErlChat.Sqlite;

/// <summary>A state image to compressed bytes with a checksum, and back.</summary>
internal static class SnapshotCodec
{
    /// <summary>Names the format below; a program reads no snapshot of another, and folds the log instead.</summary>
    internal const int Format = 1;

    private static readonly JsonTypeInfo<ChatStateImage> s_type = SnapshotJson.CreateImageType();

    internal static (byte[] Image, byte[] Checksum) Encode(ChatStateImage image)
    {
        using var bytes = new MemoryStream();
        using (var compressed = new GZipStream(bytes, CompressionLevel.Fastest))
            JsonSerializer.Serialize(compressed, image, s_type);
        byte[] encoded = bytes.ToArray();
        return (encoded, SHA256.HashData(encoded));
    }

    /// <summary>The image, or null and why it cannot be used.</summary>
    internal static ChatStateImage? TryDecode(long format, byte[] bytes, byte[] checksum, out string? problem)
    {
        problem = format != Format ? $"its format is {format}, not {Format}"
            : !SHA256.HashData(bytes).AsSpan().SequenceEqual(checksum) ? "its checksum is wrong"
            : null;
        if (problem is not null)
            return null;
        try
        {
            using var compressed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            return JsonSerializer.Deserialize(compressed, s_type);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or NotSupportedException)
        {
            problem = e.Message;
            return null;
        }
    }
}
