using System.Text;

namespace ErlChat.Load.Wire;

/// <summary>Finds headers in raw bytes.</summary>
internal static class Headers
{
    /// <summary>The value of the first header with this name (in lower case, without the colon), with surrounding blanks removed.</summary>
    internal static bool TryFind(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (true)
        {
            int end = head.IndexOf((byte)'\n');
            if (end < 0)
            {
                value = default;
                return false;
            }

            ReadOnlySpan<byte> line = head[..end];
            head = head[(end + 1)..];
            if (line.Length <= name.Length || line[name.Length] != ':' || (line[0] | 0x20) != name[0]
                || !Ascii.EqualsIgnoreCase(line[..name.Length], name))
                continue;
            value = line[(name.Length + 1)..].Trim(" \t\r"u8);
            return true;
        }
    }
}
