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
/// missing, or too late, without taking the others with it: the watch gives a poll up after 30 s, and one that waited for flags would be blind by them.
/// </summary>
/// <param name="ledger">Where directives are.</param>
/// <param name="flags">The flags.</param>
/// <param name="metrics">The telemetry, which has the rest of the poll's time.</param>
/// <param name="time">The clock of this host, by which flags and ledger are not waited for any longer.</param>
public sealed class PollRelease(ILedger ledger, IFlagStore flags, IMetricSource metrics, TimeProvider time) : IActivity<PollInput, PollOutput>
{
    /// <summary>How long the flags may take, all of them together.</summary>
    public static readonly TimeSpan FlagPatience = TimeSpan.FromSeconds(3);

    /// <summary>How long the ledger may take: one repetition of a read whose first try got no answer.</summary>
    public static readonly TimeSpan LedgerPatience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task<PollOutput> RunAsync(PollInput input, CancellationToken cancellation)
    {
        // Flags first, ledger second: a directive is appended before Slipway writes a flag, so when none has come meanwhile, no write of
        // Slipway's own can have been seen here, and any difference is somebody else's. What a flag answers later than in time is not looked at any more.
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
    private Task<IReadOnlyList<LedgerEntry>?> EntriesAsync(PollInput input, CancellationToken cancellation) =>
        InTimeAsync(LedgerPatience, patience => ledger.ReadAsync(input.Release, input.Cursor, patience), cancellation);

    /// <summary>All flags are looked at at once. Not being able to read one is not drift; the next poll looks again, and any write would find out.</summary>
    private async Task<IReadOnlyList<(string Sentence, FlagState Found)>> DifferencesAsync(IReadOnlyList<FlagState> expected, CancellationToken cancellation)
    {
        var looks = await Task.WhenAll(expected.Select(flag => InTimeAsync(FlagPatience, patience => DifferenceAsync(flag, patience), cancellation)));
        return [.. looks.SelectMany(found => found ?? [])];
    }

    /// <summary>How a flag differs; empty when it does not.</summary>
    private async Task<IReadOnlyList<(string Sentence, FlagState Found)>> DifferenceAsync(FlagState flag, CancellationToken cancellation)
    {
        var current = await flags.LookAsync(flag.Key, cancellation);
        return FlagDrift.Describe(flag, current) is { } difference
            ? [(difference, current ?? flag with { Enabled = false, Exposure = Percentage.Zero })]
            : [];
    }

    /// <summary>What a system answers; null when it does not, or not in time. One that does not heed that it was given up is not waited for either.</summary>
    private async Task<T?> InTimeAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
        where T : class
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            return await ask(either.Token).WaitAsync(either.Token);
        }
        catch (PortUnavailableException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
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
