using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Slipway.Core.Ledgers;

namespace Slipway.Azure.Ledger;

/// <summary>One append blob of a ledger, and what is known of it. Not safe for concurrent use.</summary>
/// <param name="blob">The blob.</param>
/// <param name="first">The sequence of its first entry.</param>
internal sealed class LedgerSegment(AppendBlobClient blob, long first)
{
    // Where each known entry ends; one block holds whole entries, so that nobody ever sees half of one.
    private readonly List<long> _ends = [];

    public long First { get; } = first;

    /// <summary>How many bytes are known.</summary>
    public long Length => _ends.Count == 0 ? 0 : _ends[^1];

    /// <summary>How many entries are known.</summary>
    public int Count => _ends.Count;

    public AppendBlobClient Blob { get; } = blob;

    /// <summary>The entries from a known or the next sequence on, in one request; null when there is no such blob. Throws
    /// <see cref="InvalidDataException"/> when it holds something else.</summary>
    public async Task<IReadOnlyList<LedgerEntry>?> ReadAsync(long from, CancellationToken cancellation)
    {
        var skipped = (int)(from - First);
        var offset = skipped == 0 ? 0 : _ends[skipped - 1];
        byte[] bytes;
        try
        {
            // A range behind the end, also any range of an empty blob, is refused: there is nothing new.
            BlobDownloadResult answer = await Blob.DownloadContentAsync(new BlobDownloadOptions { Range = offset == 0 ? default : new HttpRange(offset) }, cancellation);
            bytes = answer.Content.ToArray();
        }
        catch (RequestFailedException none) when (none.ErrorCode == BlobErrorCode.InvalidRange)
        {
            return [];
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }

        var entries = new List<LedgerEntry>();
        for (var begin = 0; begin < bytes.Length;)
        {
            var length = bytes.AsSpan(begin).IndexOf((byte)'\n');
            if (length < 0) throw new InvalidDataException($"{Blob.Name} ends within a line, at byte {offset + begin}; a ledger is written by whole lines");
            try
            {
                entries.Add(LedgerLines.Read(Encoding.UTF8.GetString(bytes, begin, length)));
            }
            catch (FormatException problem)
            {
                throw new InvalidDataException($"{Blob.Name}, byte {offset + begin}: {problem.Message}", problem);
            }

            if (entries[^1].Sequence != from + entries.Count - 1)
                throw new InvalidDataException($"{Blob.Name}, byte {offset + begin}: found entry {entries[^1].Sequence}, expected {from + entries.Count - 1}");
            begin += length + 1;
            if (skipped + entries.Count > _ends.Count) _ends.Add(offset + begin);
        }

        return entries;
    }

    /// <summary>The lines of entries, as they are appended in one block.</summary>
    public static byte[] Lines(IEnumerable<LedgerEntry> entries) => Encoding.UTF8.GetBytes(LedgerLines.WriteAll(entries));

    /// <summary>Appends behind what is known, all or nothing; false when somebody else has appended meanwhile, and nothing was written.</summary>
    public async Task<bool> AppendAsync(IReadOnlyList<LedgerEntry> entries, CancellationToken cancellation)
    {
        var known = Length;
        using var lines = new MemoryStream(Lines(entries), writable: false);
        try
        {
            await Blob.AppendBlockAsync(
                lines, new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = known } }, cancellation);
        }
        catch (RequestFailedException behind) when (behind.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet)
        {
            return false;
        }

        foreach (var entry in entries) _ends.Add(Length + Lines([entry]).Length);
        return true;
    }
}
