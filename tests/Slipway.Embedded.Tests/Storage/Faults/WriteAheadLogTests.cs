using System.Buffers.Binary;
using Slipway.Embedded.Storage;

namespace Slipway.Embedded.Tests.Storage.Faults;

/// <summary>What a machine that lost power leaves of the log: cut after any frame, in the middle of one, or with a byte that nobody wrote.</summary>
public sealed class WriteAheadLogTests : IDisposable
{
    private const int Header = 32;
    private const int FrameHeader = 24;

    private readonly RecordedFolder _source = new();

    public void Dispose() => _source.Dispose();

    [Fact]
    public async Task Open_LogCutAtEveryFrame_IsAPrefixOfWhatWasCommitted()
    {
        var (file, log, frame) = await RecordAsync(25);
        var (seen, opened) = (-1, 0);
        for (var length = Header; length <= log.Length; length += frame)
        {
            var rows = await OpenAsync(file, log.AsMemory(0, length));
            Assert.True(rows >= seen, $"{rows} entries after {seen} with a shorter log");
            (seen, opened) = (rows, opened + 1);
        }

        Assert.Equal(26, seen);
        Assert.True(opened > 50, $"{opened} frames");
    }

    [Fact]
    public async Task Open_LogTornInsideAFrame_IsWhatWasThereBeforeThatFrame()
    {
        var (file, log, frame) = await RecordAsync(6);
        for (var length = Header; length + frame <= log.Length; length += frame)
        {
            var before = await OpenAsync(file, log.AsMemory(0, length));
            Assert.Equal(before, await OpenAsync(file, log.AsMemory(0, length + (frame / 2))));
            Assert.Equal(before, await OpenAsync(file, log.AsMemory(0, length + frame - 1)));
        }
    }

    [Fact]
    public async Task Open_AByteOfAnyFrameFlipped_IsWhatWasThereBeforeThatFrame()
    {
        var (file, log, frame) = await RecordAsync(6);
        var random = new Random(7);
        for (var length = Header; length + frame <= log.Length; length += frame)
        {
            var before = await OpenAsync(file, log.AsMemory(0, length));
            var damaged = (byte[])log.Clone();
            damaged[length + random.Next(frame)] ^= 0x10;
            Assert.Equal(before, await OpenAsync(file, damaged));
        }
    }

    /// <summary>Commits entries one by one, all of them in the log, and copies what a dead machine would leave.</summary>
    private async Task<(byte[] File, byte[] Log, int Frame)> RecordAsync(int entries)
    {
        await using (SlipwayDatabase.Open(_source.Path)) await Task.CompletedTask;
        await using var database = SlipwayDatabase.Open(_source.Path);
        await RecordedFolder.AppendAsync(database, 1, entries);
        var log = await ReadAsync(_source.LogFile);
        var frame = FrameHeader + (int)BinaryPrimitives.ReadUInt32BigEndian(log.AsSpan(8));
        Assert.Equal(0, (log.Length - Header) % frame);
        return (await ReadAsync(_source.DatabaseFile), log, frame);
    }

    /// <summary>Opens a copy and returns how many entries its ledger has, whose chain is whole; what is written next goes on from there.</summary>
    private static async Task<int> OpenAsync(byte[] file, ReadOnlyMemory<byte> log)
    {
        using var copy = new RecordedFolder();
        await File.WriteAllBytesAsync(copy.DatabaseFile, file, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(copy.LogFile, log, TestContext.Current.CancellationToken);
        await using var database = SlipwayDatabase.Open(copy.Path);
        var entries = await RecordedFolder.LedgerAsync(database);
        Assert.Equal(Enumerable.Range(1, Math.Max(0, entries.Count - 1)).Select(number => $"note-{number}"), entries.Skip(1).Select(entry => entry.EntryId));
        if (entries.Count > 0)
        {
            await RecordedFolder.AppendAsync(database, 1000, 1);
            Assert.Equal(entries.Count + 1, (await RecordedFolder.LedgerAsync(database)).Count);
        }

        return entries.Count;
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
        return bytes;
    }
}
