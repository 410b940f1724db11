using Slipway.Embedded.Storage;

namespace Slipway.Embedded.Tests.Storage.Faults;

/// <summary>A file that lost its end or holds a byte that nobody wrote is refused with the way out, or is of no consequence: never a wrong state.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const int PageSize = 4096;

    private readonly RecordedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_CutAtEveryPageBoundary_IsRefusedWithTheWayOut()
    {
        await _folder.FillAsync(60);
        var whole = await File.ReadAllBytesAsync(_folder.DatabaseFile, TestContext.Current.CancellationToken);
        Assert.True(whole.Length > 20 * PageSize);
        for (var length = whole.Length - PageSize; length > 0; length -= PageSize)
        {
            await File.WriteAllBytesAsync(_folder.DatabaseFile, whole.AsMemory(0, length), TestContext.Current.CancellationToken);
            AssertRefused($"cut to {length / PageSize} of {whole.Length / PageSize} pages");
            Assert.Equal(length, new FileInfo(_folder.DatabaseFile).Length);
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Open_AByteOfAnyPageFlipped_IsRefusedOrChangesNothing(int seed)
    {
        await _folder.FillAsync(60);
        List<string> before;
        await using (var database = SlipwayDatabase.Open(_folder.Path)) before = await RecordedFolder.DumpAsync(database);
        var whole = await File.ReadAllBytesAsync(_folder.DatabaseFile, TestContext.Current.CancellationToken);
        var random = new Random(seed);
        var refused = 0;
        for (var page = 0; page < whole.Length / PageSize; page++)
        {
            // Among the bytes that are not nothing: most of a page is free.
            var written = Enumerable.Range(page * PageSize, PageSize).Where(at => whole[at] != 0).ToList();
            if (written.Count > 0 && await FlipAsync(whole, written[random.Next(written.Count)], (byte)(1 << random.Next(8)), before)) refused++;
        }

        Assert.True(refused > whole.Length / PageSize / 4, $"only {refused} of {whole.Length / PageSize} were refused");
    }

    [Fact]
    public async Task Open_AChangedDigitInALedger_IsRefused()
    {
        await _folder.FillAsync(20);
        List<string> before;
        await using (var database = SlipwayDatabase.Open(_folder.Path)) before = await RecordedFolder.DumpAsync(database);
        var whole = await File.ReadAllBytesAsync(_folder.DatabaseFile, TestContext.Current.CancellationToken);
        var refused = 0;

        // Also where SQLite left an old copy of it behind, which is of no consequence; its place in the table and that in the index are.
        for (var at = 0; whole.AsSpan(at).IndexOf("note-7"u8) is var next and >= 0; at++)
        {
            at += next;
            if (await FlipAsync(whole, at + 5, '7' ^ '8', before)) refused++;
        }

        Assert.True(refused >= 2, $"{refused} were refused");
    }

    /// <summary>Changes one byte of the file: true where it is then refused, false where it opens with the same content.</summary>
    private async Task<bool> FlipAsync(byte[] whole, int at, byte by, List<string> before)
    {
        var damaged = (byte[])whole.Clone();
        damaged[at] ^= by;
        await File.WriteAllBytesAsync(_folder.DatabaseFile, damaged, TestContext.Current.CancellationToken);
        try
        {
            await using var database = SlipwayDatabase.Open(_folder.Path);
            Assert.True(before.SequenceEqual(await RecordedFolder.DumpAsync(database)), $"byte {at} (page {(at / PageSize) + 1}) was changed, and the file opens with another content");
            return false;
        }
        catch (StorageOpenException refusal)
        {
            AssertTells(refusal);
            return true;
        }
    }

    private void AssertRefused(string what)
    {
        try
        {
            using var opened = new Opened(SlipwayDatabase.Open(_folder.Path));
            Assert.Fail($"{what}: it opens");
        }
        catch (StorageOpenException refusal)
        {
            Assert.Equal(StorageOpenProblem.Corrupt, refusal.Kind);
            AssertTells(refusal);
        }
    }

    // A flipped byte of the header may make it look like somebody else's or a later one: refused all the same, and the way out is there.
    private static void AssertTells(StorageOpenException refusal)
    {
        Assert.Contains(refusal.Kind, new[] { StorageOpenProblem.Corrupt, StorageOpenProblem.NotSlipway, StorageOpenProblem.NewerVersion });
        Assert.Contains("It was left untouched.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("use another data folder", refusal.Message, StringComparison.OrdinalIgnoreCase);
        if (refusal.Kind == StorageOpenProblem.Corrupt) Assert.Contains("from a backup", refusal.Message, StringComparison.Ordinal);
    }

    private sealed class Opened(SlipwayDatabase database) : IDisposable
    {
        public void Dispose() => database.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
