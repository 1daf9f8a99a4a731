using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Text;

namespace Gateway.Core.Audit.UnderWay;

/// <summary>The file of calls under way: slots of one size, mapped into memory, so that writing one is a copy and survives the process.</summary>
/// <remarks>
/// Blocks are allocated when the file is made or grows, by writing them: a mapped page without a block would end the process
/// where the disk is full. Writing different slots is safe for concurrent use; growing is not.
/// </remarks>
internal sealed class OpenCallFile : IDisposable
{
    public const string FileName = "calls.open";
    public const int SlotBytes = 8192;

    /// <summary>Longest payload of a slot, in bytes.</summary>
    public const int PayloadBytes = SlotBytes - PayloadAt;

    // A slot: state, length of the payload, sequence of the record that closes it or 0, checksum of the payload, payload.
    private const int LengthAt = 4;
    private const int SequenceAt = 8;
    private const int ChecksumAt = 16;
    private const int PayloadAt = 32;
    private const int IsOpen = 1;

    private static readonly byte[] Header = Encoding.ASCII.GetBytes("gateway calls under way 2\n");

    private readonly FileStream _file;
    private readonly OpenFilePlace _place;
    private readonly int _regionSlots;
    private readonly List<MemoryMappedFile> _maps = [];
    private volatile MemoryMappedViewAccessor[] _regions = [];

    private OpenCallFile(FileStream file, string path, int regionSlots)
    {
        _file = file;
        _place = new OpenFilePlace(path, file.SafeFileHandle);
        _regionSlots = regionSlots;
    }

    /// <summary>Slots that there are.</summary>
    public int Count => _regions.Length * _regionSlots;

    private long RegionBytes => (long)_regionSlots * SlotBytes;

    /// <summary>Opens the file with at least <paramref name="count"/> slots; slots of an earlier process are there as it left them.</summary>
    /// <param name="directory">The log's directory.</param>
    /// <param name="regionSlots">By how many slots the file grows.</param>
    /// <param name="count">How many there are to be.</param>
    /// <param name="most">How many may be taken over from an earlier process.</param>
    /// <exception cref="IOException">The disk is full, or the file cannot be made.</exception>
    public static OpenCallFile Open(string directory, int regionSlots, int count, int most)
    {
        var path = Path.Combine(directory, FileName);
        var stream = PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete);
        var file = new OpenCallFile(stream, path, regionSlots);
        try
        {
            file.WriteHeader();

            // What an earlier process left, in regions of whatever size it had.
            var left = (RandomAccess.GetLength(stream.SafeFileHandle) - 1) / SlotBytes;
            while (file.Count < Math.Max(count, Math.Min(left, most)))
            {
                file.Grow();
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds a region.</summary>
    public void Grow()
    {
        var start = SlotBytes + (Count * (long)SlotBytes);
        var end = start + RegionBytes;
        var zeros = new byte[64 * 1024];
        for (var at = Math.Max(start, RandomAccess.GetLength(_file.SafeFileHandle)); at < end; at += zeros.Length)
        {
            RandomAccess.Write(_file.SafeFileHandle, zeros.AsSpan(0, (int)Math.Min(zeros.Length, end - at)), at);
        }

        var map = MemoryMappedFile.CreateFromFile(_file, mapName: null, capacity: 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        _maps.Add(map);
        _regions = [.. _regions, map.CreateViewAccessor(start, RegionBytes)];
    }

    public void Write(int slot, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[PayloadAt];
        head.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(head[LengthAt..], payload.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(head[ChecksumAt..], Checksum(payload));
        var (region, at) = Find(slot);
        var bytes = region.SafeMemoryMappedViewHandle;
        var offset = (ulong)(region.PointerOffset + at);
        bytes.WriteSpan<byte>(offset, head);
        bytes.WriteSpan(offset + PayloadAt, payload);

        // Last, and not before the rest: a process that is killed in between leaves a free slot behind.
        Interlocked.MemoryBarrier();
        region.Write(at, IsOpen);
    }

    /// <summary>Says which record closes the call: whoever finds that record on file knows that the slot is done with.</summary>
    public void Mark(int slot, long sequence)
    {
        var (region, at) = Find(slot);
        region.Write(at + SequenceAt, sequence);
    }

    public void Clear(int slot)
    {
        var (region, at) = Find(slot);
        region.Write(at, 0);
    }

    /// <summary>Reads a slot that is open and whole; null for any other, with one that a power failure tore.</summary>
    public (long Sequence, byte[] Payload)? Read(int slot)
    {
        var (region, at) = Find(slot);
        var length = region.ReadInt32(at + LengthAt);
        if (region.ReadInt32(at) != IsOpen || length is <= 0 or > PayloadBytes)
        {
            return null;
        }

        var payload = new byte[length];
        region.ReadArray(at + PayloadAt, payload, 0, length);
        return region.ReadUInt64(at + ChecksumAt) == Checksum(payload) ? (region.ReadInt64(at + SequenceAt), payload) : null;
    }

    /// <summary>Brings what was written to the disk itself, so that it survives the loss of power.</summary>
    public void Flush()
    {
        foreach (var region in _regions)
        {
            region.Flush();
        }
    }

    public bool IsInPlace() => _place.IsInPlace();

    public void Dispose()
    {
        foreach (var region in _regions)
        {
            region.Dispose();
        }

        _maps.ForEach(map => map.Dispose());
        _file.Dispose();
    }

    /// <summary>CRC-32C (RFC 3385) of the whole words and of what follows them: tells a torn slot, and whoever may write the file could make any.</summary>
    private static ulong Checksum(ReadOnlySpan<byte> payload)
    {
        var (words, rest) = (uint.MaxValue, uint.MaxValue);
        for (; payload.Length >= sizeof(ulong); payload = payload[sizeof(ulong)..])
        {
            words = BitOperations.Crc32C(words, BinaryPrimitives.ReadUInt64LittleEndian(payload));
        }

        foreach (var last in payload)
        {
            rest = BitOperations.Crc32C(rest, last);
        }

        return ((ulong)words << 32) | rest;
    }

    private (MemoryMappedViewAccessor Region, long At) Find(int slot)
    {
        var (region, index) = Math.DivRem(slot, _regionSlots);
        return (_regions[region], (long)index * SlotBytes);
    }

    /// <summary>A file that something else wrote is not read as slots but begun anew.</summary>
    private void WriteHeader()
    {
        var found = new byte[Header.Length];
        if (RandomAccess.Read(_file.SafeFileHandle, found, 0) == found.Length && found.AsSpan().SequenceEqual(Header))
        {
            return;
        }

        RandomAccess.SetLength(_file.SafeFileHandle, 0);
        var block = new byte[SlotBytes];
        Header.CopyTo(block, 0);
        RandomAccess.Write(_file.SafeFileHandle, block, 0);
    }
}
