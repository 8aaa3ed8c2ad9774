using System.Buffers.Binary;

namespace ErlChat.Sqlite.Salvage;

/// <summary>
/// Reads a database file and its WAL as pages, without SQLite, which refuses a file with a damaged first page. Format:
/// https://sqlite.org/fileformat2.html.
/// </summary>
/// <remarks>Hold the database's lock. Closing the file drops the locks that SQLite holds on it in this process.</remarks>
internal sealed class PageFile : IDisposable
{
    private const int WalHeader = 32;
    private const int FrameHeader = 24;
    private const int DefaultPageSize = 4096;

    private readonly FileStream? _file;
    private readonly FileStream? _wal;
    private readonly List<long> _frames = [];
    private readonly Dictionary<long, long> _newest = [];

    /// <param name="path">The database; either of the two files may be missing.</param>
    internal PageFile(string path)
    {
        _file = Open(path);
        _wal = Open(path + "-wal");
        ReadSizes();
        ReadFrames();
    }

    /// <summary>The size of a page, in bytes.</summary>
    internal int PageSize { get; private set; } = DefaultPageSize;

    /// <summary>The part of a page that SQLite uses, in bytes.</summary>
    internal int Usable { get; private set; } = DefaultPageSize;

    /// <summary>The number of pages to read, including those in the WAL.</summary>
    internal long Count => FilePages + _frames.Count;

    private long FilePages => (_file?.Length ?? 0) / PageSize;

    /// <summary>
    /// Reads every page of the file, including those with a newer copy in the WAL, then every copy that a transaction left in the WAL.
    /// </summary>
    /// <returns>The page, and whether it is the first page of the file. The array is reused for the next page.</returns>
    internal IEnumerable<(byte[] Page, bool IsFirst)> All()
    {
        byte[] page = new byte[PageSize];
        for (long i = 0; i < FilePages; i++)
        {
            if (TryRead(_file!, i * PageSize, page))
                yield return (page, i == 0);
        }

        foreach (long place in _frames)
        {
            if (TryRead(_wal!, place, page))
                yield return (page, false);
        }
    }

    /// <summary>Reads the newest copy of a page by its number, counted from 1. Returns false if it does not exist.</summary>
    internal bool TryRead(long number, byte[] page) => _newest.TryGetValue(number, out long place)
        ? TryRead(_wal!, place, page)
        : number >= 1 && _file is not null && TryRead(_file, (number - 1) * PageSize, page);

    public void Dispose()
    {
        _file?.Dispose();
        _wal?.Dispose();
    }

    private static FileStream? Open(string path) =>
        File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite) : null;

    /// <summary>If the disk cannot read one page, the next may still be readable.</summary>
    private static bool TryRead(FileStream file, long place, byte[] page)
    {
        try
        {
            return place + page.Length <= file.Length && RandomAccess.Read(file.SafeFileHandle, page, place) == page.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void ReadSizes()
    {
        Span<byte> header = stackalloc byte[100];
        if (_file is not null && _file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length)
        {
            int size = BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
            if (IsSize(size == 1 ? 65536 : size))
            {
                PageSize = size == 1 ? 65536 : size;
                Usable = PageSize - Math.Min(header[20], (byte)32);
                return;
            }
        }

        if (_wal is not null && _wal.ReadAtLeast(header[..WalHeader], WalHeader, throwOnEndOfStream: false) == WalHeader
            && BinaryPrimitives.ReadInt32BigEndian(header[8..]) is var ofWal && IsSize(ofWal))
        {
            PageSize = Usable = ofWal;
        }
    }

    private static bool IsSize(int size) => size is >= 512 and <= 65536 && (size & (size - 1)) == 0;

    /// <summary>
    /// The frames of the current generation of the WAL, up to the last that ended a transaction. SQLite stops at the first damaged frame,
    /// but the transactions after it were committed too.
    /// </summary>
    private void ReadFrames()
    {
        if (_wal is null)
            return;
        byte[] header = new byte[WalHeader];
        if (!TryRead(_wal, 0, header))
            return;
        byte[] frame = new byte[FrameHeader];
        var open = new List<(long Number, long Place)>();
        for (long place = WalHeader; TryRead(_wal, place, frame); place += FrameHeader + PageSize)
        {
            if (!frame.AsSpan(8, 8).SequenceEqual(header.AsSpan(16, 8)))
                break;
            open.Add((BinaryPrimitives.ReadUInt32BigEndian(frame), place + FrameHeader));
            if (BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4)) == 0)
                continue;
            foreach ((long number, long of) in open)
            {
                _frames.Add(of);
                _newest[number] = of;
            }

            open.Clear();
        }
    }
}
