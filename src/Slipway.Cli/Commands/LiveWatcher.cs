using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Web.Api;
using Slipway.Web.Pages;

namespace Slipway.Cli.Commands;

/// <summary>Follows a release on a terminal, in place, until it is over.</summary>
/// <param name="io">The terminal.</param>
/// <param name="client">The server.</param>
internal sealed class LiveWatcher(CommandIo io, SlipwayClient client)
{
    private const int RowsKept = 20;
    private readonly LivePaint _paint = new(io.Host.Output);
    private ReleaseState _state = ReleaseState.Empty;
    private IReadOnlyList<LedgerRow> _rows = [];

    /// <summary>Follows until the end, the timeout or an error; null: no timeout.</summary>
    public async Task<int> RunAsync(ReleaseId release, TimeSpan? timeout, CancellationToken cancellation)
    {
        var since = io.Host.Time.GetTimestamp();
        await foreach (var answer in new ReleaseFollower(client, io.Host).FollowAsync(release, 0, cancellation))
        {
            if (answer is Answer<IReadOnlyList<LedgerEntry>>.Failed failed) return io.Fail(failed.Error);
            if (answer is Answer<IReadOnlyList<LedgerEntry>>.Got { Value: var entries }) Take(entries);
            if (_state.Created is not null)
                _paint.Show(LiveFrame.Of(_state, _rows, io.Host.Time.GetUtcNow(), Math.Max(20, io.Host.TerminalWidth()), io.Tinted));
            if (_state.IsTerminal) return Finish(release);
            if (timeout is { } limit && io.Host.Time.GetElapsedTime(since) >= limit) return io.Fail(ReleaseWatcher.StillWaiting(release, limit));
        }

        throw new InvalidOperationException("Following a release ended without an end.");
    }

    private void Take(IReadOnlyList<LedgerEntry> entries)
    {
        if (entries.Count == 0) return;
        _state = entries.Aggregate(_state, (state, entry) => state.Apply(entry));
        _rows = [.. LedgerRow.Of(entries, RowsKept).Concat(_rows).Take(RowsKept)];
    }

    private int Finish(ReleaseId release)
    {
        io.Say($"{release} is {PhaseWords.Of(_state.Phase)}. The report: `slipway show {release} --json`.");
        return _state.Phase == ReleasePhase.Completed ? ExitCodes.Done : ExitCodes.RolledBack;
    }
}
