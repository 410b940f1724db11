using Slipway.Cli.Demo.Progress;
using Slipway.Cli.Demo.Storefront;

namespace Slipway.Cli.Demo;

/// <summary>Runs the releases of the demo one after the other against a running Slipway and a busy storefront.</summary>
internal sealed class DemoRunner(DemoClient client, StorefrontServer storefront, DemoFolder folder, string outbox, DemoConsole console, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(150);

    /// <summary>A release that takes longer than this hangs.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>After the end the last notices go out; this long without a new entry and they are out.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(600);

    private readonly HashSet<string> _knownMails = new(StringComparer.Ordinal);

    /// <summary>Runs one release to its end and saves what it made.</summary>
    public async Task<DemoResult> RunAsync(DemoScenario scenario, CancellationToken cancellation)
    {
        var request = scenario.Request(storefront.Url);
        await folder.WriteAsync(scenario, "release.yaml", request, cancellation);
        var began = time.GetTimestamp();
        await client.StartAsync(request, cancellation);

        var printer = console.NewPrinter();
        try
        {
            await FollowAsync(scenario, printer, began, cancellation);
        }
        finally
        {
            printer.Clear();
        }

        var took = (printer.View.Ended is null ? time.GetUtcNow() : printer.View.EndedAt) - printer.View.StartedAt;
        await folder.WriteAsync(scenario, "ledger.jsonl", await client.LedgerLinesAsync(scenario.Id, 0, cancellation), cancellation);
        await folder.WriteAsync(scenario, "report.json", await client.ReportAsync(scenario.Id, cancellation), cancellation);
        var mails = folder.CopyMails(scenario, NewMails());
        return new DemoResult(scenario, printer.View, await client.FlagAsync(scenario.Feature.Flag, cancellation), took, mails);
    }

    private async Task FollowAsync(DemoScenario scenario, ProgressPrinter printer, long began, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Poll, time);
        var changed = began;
        do
        {
            var entries = await client.LedgerAsync(scenario.Id, printer.View.Sequence, cancellation);
            if (entries.Count > 0) changed = time.GetTimestamp();
            printer.Take(entries);
            if (printer.View.Ended is not null && time.GetElapsedTime(changed) >= Quiet) return;
        }
        while (time.GetElapsedTime(began) < Longest && await timer.WaitForNextTickAsync(cancellation));
    }

    private List<FileInfo> NewMails()
    {
        var directory = new DirectoryInfo(outbox);
        return directory.Exists ? [.. directory.EnumerateFiles("*.eml").Where(file => _knownMails.Add(file.Name))] : [];
    }
}
