using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;

namespace Slipway.Workflow.Watch;

/// <summary>
/// Watches an exposed release: poll, judge, record, sleep; ends when something needs the release's attention. It reads what to do from
/// the ledger, takes no signals (so that continuing as new can lose none), and ends itself within one poll of being told to.
/// </summary>
public sealed class WatchWorkflow(IReleaseJudge judge) : IWorkflow<WatchInput, WatchOutput>
{
    /// <summary>Polls of one run before it continues as new, so that history stays small however long a bake is.</summary>
    public const int PollsPerRun = 60;

    /// <summary>Intervals asked for in one poll at most: after a long outage, catching up takes a few polls.</summary>
    private const int IntervalsPerPoll = 500;

    /// <summary>Judged intervals in one append at most, so that a backlog does not make appends grow.</summary>
    private const int DraftsPerAppend = 50;

    /// <summary>A poll that gets no answer in this time counts as one that saw nothing.</summary>
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<WatchOutput> RunAsync(IWorkflowContext context, WatchInput input)
    {
        var watch = input.Plan.Watch;
        GateQuestion? gates = null;
        var asked = new List<Task>();

        // A run that asked something that hangs goes on for a while: on some engines it ends only when all that it asked has answered.
        for (var poll = 0; poll < PollsPerRun || (poll < 2 * PollsPerRun && !asked.TrueForAll(call => call.IsCompleted)); poll++)
        {
            var seenAt = context.Now;
            var to = LastClosed(seenAt, watch.IngestionDelay, watch.Interval);
            if (to - input.JudgedUntil > watch.Interval * IntervalsPerPoll) to = input.JudgedUntil + (watch.Interval * IntervalsPerPoll);

            // Asked beside the poll and never waited for before telemetry is judged: a gate that hangs delays nothing but a promotion.
            asked.RemoveAll(call => call.IsCompleted);
            gates ??= GateQuestion.Ask(context, input, asked);
            var seen = await PollOnce(context, input, to, asked);
            input = input with
            {
                Polls = input.Polls + 1,
                Cursor = seen.Cursor,
                Telemetry = IngestionWatermark.Newer(input.Telemetry, seen.Telemetry, seenAt),
                ExtensionReported = input.ExtensionReported && (seen.Directive?.Stage?.Index ?? input.Directive.Stage?.Index) == input.Directive.Stage?.Index,
                Directive = seen.Directive ?? input.Directive,
            };
            if (input.Directive.Mode == WatchMode.Stop) return End(WatchEnding.Stopped, "told to stop", null);
            if (seen.Drift.Count > 0) return End(WatchEnding.Drifted, string.Join("; ", seen.Drift), null) with { Found = seen.Found };
            gates ??= GateQuestion.Ask(context, input, asked);

            Assessment? assessed = null;
            IReadOnlyList<string>? checks = null;
            if (to > input.JudgedUntil)
            {
                var stage = Judged(input);
                var judgement = judge.Judge(input.Plan, input.Judge, stage, seen.Observations, to, seen.LateUntil);

                var judged = new IntervalJudged(stage.Index, to, seen.Observations, judgement.Assessment, input.Environment, stage, input.Judge?.JudgedUntil, seen.LateUntil) { Telemetry = input.Telemetry };

                // Intervals that the source could not tell yet are asked for again; that nothing was seen is judged all the same.
                input = input with { Judge = judgement.State, JudgedUntil = seen.Problem.Length == 0 ? to : input.JudgedUntil };
                input = await Record(context, input, seenAt, judged, asked);
                (assessed, checks) = (judgement.Assessment, judgement.Checks);
                if (WatchDecision.Decide(input, assessed) is { Ending: not (WatchEnding.BakePassed or WatchEnding.BakeWaived or WatchEnding.BakeUndecided) } decision)
                {
                    input = decision.Carry;
                    return End(decision.Ending, WithAge(decision), assessed);
                }
            }

            // A source that does not answer is asked again at the next interval, however much there is to catch up.
            var until = seen.Problem.Length == 0 ? to : LastClosed(context.Now, watch.IngestionDelay, watch.Interval);
            using var early = new CancellationTokenSource();
            var next = context.SleepUntil(NextPoll(context.Now, until, watch.IngestionDelay + input.Phase, watch.Interval), early.Token);
            if (gates is not null && await Task.WhenAny(gates.Answers, next) == gates.Answers)
            {
                input = gates.Hear(input, await gates.Answers, seenAt);
                gates = null;
            }

            var ending = input.Gates.Breach() is { } breach ? new WatchDecided(WatchEnding.Breached, breach, input)
                : gates is null && assessed is not null ? WatchDecision.Decide(input, assessed)
                : null;
            if (ending is not null) ending = ending with { Carry = GateQuestion.Final(ending.Carry, seenAt) };
            ending ??= GateQuestion.Changed(input);
            if (ending is not null)
            {
                early.Cancel();
                input = ending.Carry;
                return End(ending.Ending, ending.Sentence, assessed) with { Checks = ending.Ending is WatchEnding.BakePassed or WatchEnding.BakeWaived ? checks : null };
            }

            await next;

            // Whoever reads that sight was lost asks next when something was seen last.
            string WithAge(WatchDecided decided) => decided.Ending is WatchEnding.WentBlind or WatchEnding.BlindTooLong && input.Telemetry is { } telemetry
                ? $"{decided.Sentence}; {telemetry.LastSeen(seenAt)}"
                : decided.Sentence;

            WatchOutput End(WatchEnding ending, string sentence, Assessment? assessment) =>
                new(ending, input.Directive.Stage?.Index ?? -1, sentence, assessment, seenAt, input);
        }

        context.ContinueAsNew(input);
        return new WatchOutput(WatchEnding.Stopped, -1, "", null, context.Now, input);
    }

    /// <summary>The end of the newest interval that closed longer ago than the ingestion delay.</summary>
    public static DateTimeOffset LastClosed(DateTimeOffset now, TimeSpan ingestionDelay, TimeSpan interval)
    {
        var ticks = (now - ingestionDelay).UtcTicks;
        return new DateTimeOffset(ticks - (ticks % interval.Ticks), TimeSpan.Zero);
    }

    private static StageUnderJudgement Judged(WatchInput input) => input.Directive.Stage ?? new StageUnderJudgement(-1, Percentage.Zero, DateTimeOffset.MaxValue);

    private static DateTimeOffset NextPoll(DateTimeOffset now, DateTimeOffset judgedUntil, TimeSpan ingestionDelay, TimeSpan interval)
    {
        var next = judgedUntil + interval + ingestionDelay;
        return next > now ? next : now + TimeSpan.FromMilliseconds(1);
    }

    private static async Task<PollOutput> PollOnce(IWorkflowContext context, WatchInput input, DateTimeOffset to, List<Task> asked)
    {
        using var timeout = new CancellationTokenSource();
        var poll = context.RunActivity(
            ReleaseActivities.Poll,
            new PollInput(
                input.Release, input.Cursor, input.Plan.Watch, input.JudgedUntil, to, input.Directive.Flags, input.Environment,
                LookBack.Due(input.Plan, input.Judge, Judged(input), to)));
        asked.Add(poll);
        var timer = context.SleepUntil(context.Now + PollTimeout, timeout.Token);
        if (await Task.WhenAny(poll, timer) == timer) return new PollOutput(input.Cursor, null, [], "no answer in time", []);
        timeout.Cancel();
        try
        {
            return await poll;
        }
        catch (ActivityFailedException error)
        {
            // Seeing nothing is evidence of its own: the judge turns it into lost sight, and that into a rollback.
            return new PollOutput(input.Cursor, null, [], error.ErrorMessage, []);
        }
    }

    /// <summary>Brings a judged interval, and those that were not taken before, to the ledger; what it does not take is kept.</summary>
    private static async Task<WatchInput> Record(IWorkflowContext context, WatchInput input, DateTimeOffset at, LedgerBody body, List<Task> asked)
    {
        input = input with { Unrecorded = [.. input.Unrecorded, new LedgerDraft($"watch:{input.Number}:{input.Polls}", at, "slipway", body)] };
        LedgerDraft[] drafts = [.. input.Unrecorded.Take(DraftsPerAppend)];
        using var timeout = new CancellationTokenSource();
        var append = context.RunActivity(ReleaseActivities.Append, new AppendInput(input.Release, drafts), new ActivityRetry(3, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(5)));
        asked.Add(append);
        var timer = context.SleepUntil(context.Now + PollTimeout, timeout.Token);

        // A ledger that is away must not stop the watch from reporting a breach.
        if (await Task.WhenAny(append, timer) == timer) return input;
        timeout.Cancel();
        try
        {
            await append;
            return input with { Unrecorded = [.. input.Unrecorded.Skip(drafts.Length)] };
        }
        catch (ActivityFailedException)
        {
            return input;
        }
    }
}
