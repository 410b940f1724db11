using Slipway.Core.Analysis;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Activities;

/// <summary>Reads observations; a source that does not answer is a value, because not seeing is something to judge.</summary>
public sealed class Observe(IMetricSource metrics) : IActivity<ObserveInput, ObserveOutput>
{
    /// <inheritdoc/>
    public async Task<ObserveOutput> RunAsync(ObserveInput input, CancellationToken cancellation)
    {
        try
        {
            return new ObserveOutput(await metrics.ReadAsync(input.Watch, input.From, input.To, cancellation), "");
        }
        catch (PortUnavailableException error)
        {
            return new ObserveOutput([], error.Message);
        }
    }
}

/// <summary>
/// One look of the watch: the newest directive in the ledger, drift of the flags, and the newly closed intervals. Each part may be
/// missing without taking the others with it.
/// </summary>
public sealed class PollRelease(ILedger ledger, IFlagStore flags, IMetricSource metrics) : IActivity<PollInput, PollOutput>
{
    /// <inheritdoc/>
    public async Task<PollOutput> RunAsync(PollInput input, CancellationToken cancellation)
    {
        // Flags first, ledger second: a directive is appended before Slipway writes a flag, so when none has come meanwhile, no write of
        // Slipway's own can have been seen here, and any difference is somebody else's.
        var differences = await DifferencesAsync(input.Flags, cancellation);
        var read = await EntriesAsync(input, cancellation);
        var entries = read ?? [];
        var directive = entries.Where(entry => entry.Type == "watch.directed.v1").Select(entry => (WatchDirected)entry.Read())
            .LastOrDefault(directed => directed.Environment == input.Environment || directed.Mode == WatchMode.Stop);
        var cursor = entries.Count == 0 ? input.Cursor : entries[^1].Sequence;
        var others = read is not null && directive is null ? differences : [];
        IReadOnlyList<string> drift = [.. others.Select(difference => difference.Sentence)];
        IReadOnlyList<FlagState>? found = others.Count == 0 ? null : [.. others.Select(difference => difference.Found)];

        if (input.To <= input.From) return new PollOutput(cursor, directive, [], "", drift, Found: found);
        try
        {
            // One question for both, so that looking back costs no request of its own.
            var rows = await metrics.ReadAsync(input.Watch, input.Back?.From ?? input.From, input.To, cancellation);
            var output = input.Back is { } back
                ? new PollOutput(cursor, directive, [.. rows.Where(row => row.Start >= input.From)], "", drift, back.LateUntil(rows.Where(row => row.Start < input.From)), found)
                : new PollOutput(cursor, directive, rows, "", drift, Found: found);
            return output with { Telemetry = await WatermarkAsync(input.Watch, cancellation) };
        }
        catch (PortUnavailableException error)
        {
            return new PollOutput(cursor, directive, [], error.Message, drift, Found: found);
        }
    }

    /// <summary>What is only shown takes no evidence with it.</summary>
    private async Task<IngestionWatermark?> WatermarkAsync(WatchPlan watch, CancellationToken cancellation)
    {
        try
        {
            return await metrics.WatermarkAsync(watch, cancellation);
        }
        catch (PortUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Null when the ledger does not answer: telemetry is judged all the same, by what the watch was told last.</summary>
    private async Task<IReadOnlyList<LedgerEntry>?> EntriesAsync(PollInput input, CancellationToken cancellation)
    {
        try
        {
            return await ledger.ReadAsync(input.Release, input.Cursor, cancellation);
        }
        catch (PortUnavailableException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<(string Sentence, FlagState Found)>> DifferencesAsync(IReadOnlyList<FlagState> expected, CancellationToken cancellation)
    {
        var differences = new List<(string, FlagState)>();
        foreach (var flag in expected)
        {
            try
            {
                var current = await flags.LookAsync(flag.Key, cancellation);
                if (FlagDrift.Describe(flag, current) is { } difference)
                    differences.Add((difference, current ?? flag with { Enabled = false, Exposure = Percentage.Zero }));
            }
            catch (PortUnavailableException)
            {
                // Not being able to read a flag is not drift; the next poll looks again, and any write would find out.
            }
        }

        return differences;
    }
}

/// <summary>Reads the commands and decisions that are new in the ledger.</summary>
public sealed class ReadCommands(ILedger ledger) : IActivity<CommandsInput, CommandsOutput>
{
    /// <inheritdoc/>
    public async Task<CommandsOutput> RunAsync(CommandsInput input, CancellationToken cancellation)
    {
        var entries = await ledger.ReadAsync(input.Release, input.After, cancellation);
        IReadOnlyList<ReleaseCommand> commands = [.. entries.Select(entry => entry.Type == "command.received.v1" ? entry.Read() : null)
            .OfType<CommandReceived>()
            .Select(received => received.Command)];
        var taken = entries.Where(entry => entry.Type == "release.taken_over.v1").Select(entry => (ReleaseTakenOver)entry.Read()).FirstOrDefault();
        List<ReceivedDecision> decisions = [.. entries.Where(entry => entry.Type == "approval.decided.v1")
            .Select(entry => (entry.At, Body: entry.Read() as ApprovalDecided))
            .Where(read => read.Body is not null)
            .Select(read => new ReceivedDecision(read.Body!.Decision, read.At))];

        // What is made of it is a sentence for people.
        List<LockRevoked> unlocked = [.. entries.Where(entry => entry.Type == "lock.revoked.v1").Select(entry => entry.Read()).OfType<LockRevoked>()
            .Select(revoked => revoked with { Resource = ShownUrl.Of(revoked.Resource) })];
        List<ReceivedSignal> signals = [.. Bodies<SignalReceived>(entries, "signal.received.v1").Select(read => new ReceivedSignal(read.Body.Signal, read.At))];
        List<ReceivedAnswer> answers = [.. Bodies<EvaluationAnswered>(entries, "evaluation.answered.v1").Select(read => new ReceivedAnswer(read.Body.Answer, read.At))];
        return new CommandsOutput(
            entries.Count == 0 ? input.After : entries[^1].Sequence,
            commands,
            taken?.By,
            decisions.Count == 0 ? null : decisions,
            unlocked.Count == 0 ? null : unlocked,
            signals.Count == 0 ? null : signals,
            answers.Count == 0 ? null : answers);
    }

    private static IEnumerable<(DateTimeOffset At, T Body)> Bodies<T>(IEnumerable<LedgerEntry> entries, string type)
        where T : LedgerBody =>
        from entry in entries
        where entry.Type == type
        let body = entry.Read() as T
        where body is not null
        select (entry.At, body);
}

/// <summary>Reads a release's request and plan from the first entry of its ledger, and whether it is over.</summary>
public sealed class LoadRelease(ILedger ledger) : IActivity<LoadInput, LoadOutput>
{
    /// <inheritdoc/>
    public async Task<LoadOutput> RunAsync(LoadInput input, CancellationToken cancellation)
    {
        var entries = await ledger.ReadAsync(input.Release, 0, cancellation);
        return entries is [var first, ..] && first.Read() is ReleaseCreated created
            ? new LoadOutput(created.Request, created.Plan, created.BaseUrl, created.StartedBy, created.ContentHash, created.Approvals, created.Rehearsal)
            {
                Revision = WorkflowVersions.Revision,
                Over = ReleaseState.Fold(entries) is { IsTerminal: true, Phase: var phase } ? phase : null,
            }
            : throw new InvalidOperationException($"The ledger of {input.Release} does not begin with its request.");
    }
}
