using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;

namespace Slipway.Workflow.Watch;

/// <summary>One asking of the HTTP gates of a stage's bake, under way beside the poll.</summary>
internal sealed class GateQuestion
{
    /// <summary>An asking without an answer in this time counts as a failure of each gate; the probes give up earlier.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly int _stage;

    private GateQuestion(int stage, Task<IReadOnlyList<GateAnswer>> answers) => (_stage, Answers) = (stage, answers);

    /// <summary>The answers, one for each gate.</summary>
    public Task<IReadOnlyList<GateAnswer>> Answers { get; }

    /// <summary>
    /// Asks the gates of the watch's directive; null when it has none, and when they were asked just now by a watch that ended: a failure
    /// counts once a poll.
    /// </summary>
    public static GateQuestion? Ask(IWorkflowContext context, WatchInput input, List<Task> asked)
    {
        if (input.Directive is not { Gates: { Count: > 0 } gates, Stage: { } stage }) return null;
        var last = input.Gates.Stage == stage.Index ? input.Gates.Answers.Values.Select(answers => answers[^1].At).DefaultIfEmpty().Max() : default;
        return context.Now - last < input.Plan.Watch.Interval / 2 ? null : new GateQuestion(stage.Index, AskAsync(context, gates, asked));
    }

    /// <summary>
    /// The watch with the answers in it, and with an entry for each gate that answers otherwise than before. The entries go to the ledger
    /// with the next judged interval or with the release's own.
    /// </summary>
    public WatchInput Hear(WatchInput input, IReadOnlyList<GateAnswer> answers, DateTimeOffset at)
    {
        // The stage was left while the gates were asked.
        if (input.Directive.Gates is null || input.Directive.Stage?.Index != _stage) return input;
        var runs = input.Gates.Hear(_stage, answers);
        return Keep(input with { Gates = runs }, runs.Changed(), at);
    }

    /// <summary>The watch at the end of a bake, or at a breach, with an entry for each of its gates.</summary>
    public static WatchInput Final(WatchInput input, DateTimeOffset at) =>
        input.Directive.Gates is null ? input : Keep(input, input.Gates.Answers.Values.Select(answers => answers[^1]), at);

    private static WatchInput Keep(WatchInput input, IEnumerable<GateAnswer> answers, DateTimeOffset at)
    {
        var kept = input.Unrecorded.Select(draft => draft.EntryId).ToHashSet(StringComparer.Ordinal);
        var drafts = answers.Select(answer => new LedgerDraft($"watch:{input.Number}:{input.Polls}:{answer.Gate.CheckName}", at, "slipway", answer.Checked()));
        return input with { Unrecorded = [.. input.Unrecorded, .. drafts.Where(draft => !kept.Contains(draft.EntryId))] };
    }

    /// <summary>The end of a watch whose release has to know that its gates answer otherwise; null: nothing is new.</summary>
    public static WatchDecided? Changed(WatchInput input)
    {
        if (input.Directive.Gates is not { } gates || input.Gates.Stage != input.Directive.Stage?.Index) return null;
        var block = input.Gates.Block(input.Gates.Stage, gates);
        if (input.Gates.Told == block is null) return null;
        return new WatchDecided(WatchEnding.GatesChanged, block ?? "every gate of the bake passes", input with { Gates = input.Gates with { Told = block is null } });
    }

    private static async Task<IReadOnlyList<GateAnswer>> AskAsync(IWorkflowContext context, IReadOnlyList<HttpGateSpec> gates, List<Task> asked)
    {
        var askedAt = context.Now;
        using var timeout = new CancellationTokenSource();
        var asking = context.RunActivity(ReleaseActivities.AskGates, new AskGatesInput(gates));
        asked.Add(asking);
        var timer = context.SleepUntil(askedAt + Timeout, timeout.Token);
        if (await Task.WhenAny(asking, timer) == timer) return Failed($"no answer within {Timeout.TotalSeconds:0} s");
        timeout.Cancel();
        try
        {
            var results = (await asking).Results;
            return [.. gates.Select((gate, index) =>
                new GateAnswer(gate, results[index].Status == GateStatus.Pass, results[index].Details, results[index].LatencyMs, askedAt))];
        }
        catch (ActivityFailedException error)
        {
            return Failed($"could not be asked: {error.ErrorMessage}");
        }

        IReadOnlyList<GateAnswer> Failed(string why) => [.. gates.Select(gate => new GateAnswer(gate, false, why, null, askedAt))];
    }
}
