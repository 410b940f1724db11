using Slipway.Core.Ledgers;

namespace Slipway.Cli.Demo.Progress;

/// <summary>
/// Prints one release's progress: one line a change, and on a terminal a last line that is drawn again and again. Off a terminal the
/// evidence gets a line of its own every few seconds instead.
/// </summary>
/// <param name="writer">Where to.</param>
/// <param name="isTerminal">Whether the cursor may move.</param>
/// <param name="width">Columns of the terminal.</param>
/// <param name="time">The clock, for countdowns.</param>
internal sealed class ProgressPrinter(TextWriter writer, bool isTerminal, Func<int> width, TimeProvider time)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2.5);

    private DateTimeOffset _printedAt;
    private bool _drawn;

    /// <summary>What is known so far.</summary>
    public DemoView View { get; private set; } = new();

    /// <summary>Takes new entries in and prints what they changed.</summary>
    public void Take(IReadOnlyList<LedgerEntry> entries)
    {
        foreach (var entry in entries)
        {
            var before = View;
            View = View.Apply(entry);
            if (DemoLines.Change(before, entry, View) is { } line) Print(line);
            else if (!isTerminal && View.Recent != before.Recent && !View.Recent.IsEmpty && View.Rollback is null && View.At - _printedAt >= Silence) Print(DemoLines.Evidence(View));
        }

        if (isTerminal && View is { Sequence: > 0, Ended: null }) Draw(DemoLines.Live(View, time.GetUtcNow()));
        else Clear();
    }

    /// <summary>Takes the drawn line away, so that something else can be printed.</summary>
    public void Clear()
    {
        if (_drawn) writer.Write("\r\u001b[K");
        _drawn = false;
    }

    private void Print(string line)
    {
        Clear();
        writer.WriteLine(line);
        _printedAt = View.At;
    }

    private void Draw(string line)
    {
        // A line that wraps could not be drawn over again.
        var columns = Math.Max(20, width() - 1);
        writer.Write($"\r{(line.Length > columns ? line[..columns] : line)}\u001b[K");
        writer.Flush();
        _drawn = true;
    }
}
