using Slipway.Core.Analysis;
using Slipway.Core.Decisions;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Watch;

namespace Slipway.Workflow.Releases;

/// <summary>The watch: one child at a time while anyone is exposed, what it is told, and what its findings cause.</summary>
internal sealed partial class ReleaseRun
{
    private Task<WatchOutput>? _watch;
    private WatchInput? _carry;
    private WatchOutput? _bake;
    private StageUnderJudgement? _judged;
    private WatchDirected _directive = new(0, WatchMode.Hold, null, null, null, []);
    private DateTimeOffset _bakeEndsAt;
    private DateTimeOffset _bakeMaxAt;
    private bool _blind;
    private DateTimeOffset _blindSince;
    private DateTimeOffset? _watchFailsSince;
    private bool _watchGivenUp;
    private bool _writing;
    private bool _drifted;
    private bool _resumedFromDrift;
    private int _watches;

    /// <summary>Tells the watch what to do from now on. Flags are compared only while nobody is about to write them.</summary>
    private void Direct(WatchMode mode)
    {
        if (!_machine.Exposed) return;
        _directive = new WatchDirected(
            _watches,
            mode,
            _judged,
            mode == WatchMode.Bake ? _bakeEndsAt : null,
            mode == WatchMode.Bake ? _bakeMaxAt : null,
            !_writing && !_drifted ? [.. _plan.Flags.Select(flag => _left[flag.Key])] : [],
            BakeGates());
        Record(_directive);
    }

    private void DirectByPhase() => Direct(_machine.Phase is ReleasePhase.Baking or ReleasePhase.Propagating ? WatchMode.Bake : WatchMode.Hold);

    /// <summary>Makes sure that a child watches; called before the first write and after each child's end.</summary>
    private void StartWatch()
    {
        if (_watch is not null) return;
        _watches++;
        _directive = _directive with { Watch = _watches };
        var start = _carry ?? new WatchInput
        {
            Release = release,
            Number = _watches,
            Plan = _plan,
            Directive = _directive,
            Cursor = 0,
            JudgedUntil = WatchWorkflow.LastClosed(context.Now, TimeSpan.Zero, _plan.Watch.Interval),
        };
        _watch = RunWatch(start with { Number = _watches, Directive = _directive, Polls = 0 });
    }

    /// <summary>A child that fails is a watch that saw nothing; it is replaced after a pause, and sight counts as lost meanwhile.</summary>
    private async Task<WatchOutput> RunWatch(WatchInput input)
    {
        var begunAt = context.Now;
        try
        {
            return await context.RunChild(ReleaseActivities.Watch, $"{release}/watch/{input.Number}", input);
        }
        catch (ActivityFailedException error)
        {
            // One that had watched for long before it failed is not part of a series.
            if (context.Now - begunAt >= _plan.Watch.BlindHold) _watchFailsSince = null;
            await context.SleepUntil(context.Now + _plan.Watch.Interval);
            return new WatchOutput(WatchEnding.Failed, _stage, $"the watch failed: {error.ErrorMessage}", null, context.Now, input);
        }
    }

    private void OnWatchEnded(WatchOutput ended)
    {
        _carry = ended.Carry with { Unrecorded = [] };
        _gatesDuring = ended.Carry.Gates;
        if (ended.Carry.Unrecorded.Count > 0)
        {
            // Evidence that the ledger did not take from the watch is brought there with the release's own entries.
            _unwritten.AddRange(ended.Carry.Unrecorded);
            _flushing ??= Flush();
        }

        if (ended.Ending != WatchEnding.Failed) _watchFailsSince = null;
        switch (ended.Ending)
        {
            case WatchEnding.Breached:
                Breach(ended.Sentence, ended.Assessment?.Findings.FirstOrDefault(), ended.SeenAt);
                break;
            case WatchEnding.BlindTooLong when _plan.Watch.BlindThen == BlindAction.Rollback && DecisionMatrix.Of(MatrixRow.MetricsMissing, Canonical()).Response == MatrixResponse.HoldThenRollback:
                Breach($"sight was lost for longer than {_plan.Watch.BlindHold.TotalMinutes:0.#} min: {ended.Sentence}", null, ended.SeenAt);
                break;
            case WatchEnding.BlindTooLong:
                HoldFor("telemetry", AlertSeverity.Critical, $"sight stays lost: {ended.Sentence}");
                break;
            case WatchEnding.WentBlind:
                _blind = true;
                _blindSince = ended.SeenAt;
                Raise("telemetry", AlertSeverity.Warning, ended.Sentence, $"nothing is promoted; {_plan.Watch.BlindThen} after {_plan.Watch.BlindHold.TotalMinutes:0.#} min");
                Post(Checkpoint.Pause, "Telemetry is blind", ended.Sentence);
                break;
            case WatchEnding.SightRegained:
                _blind = false;
                Raise("telemetry", AlertSeverity.Info, ended.Sentence, "going on");
                break;
            case WatchEnding.PauseTriggered:
                HoldFor(FindingOf(ended)?.Rule ?? "trigger", AlertSeverity.Warning, ended.Sentence);
                break;
            case WatchEnding.EvaluationDue when _stop is null:
                var asked = FindingOf(ended);
                Open(RowOf(asked), asked?.Rule ?? "trigger", ended.Sentence, EvaluationSilence.RollBack, asked, ended.SeenAt);
                break;
            case WatchEnding.Alerted:
                var rule = FindingOf(ended)?.Rule ?? "trigger";
                Raise(rule, AlertSeverity.Warning, ended.Sentence, "people were told; the release goes on");
                Post(Checkpoint.Breach, "Alert", ended.Sentence);
                Warn(rule, ended.SeenAt, ended.Sentence, TriggerOf(rule)?.Window ?? TimeSpan.Zero);
                break;
            case WatchEnding.BakeExtended:
                Raise("bake", AlertSeverity.Info, ended.Sentence, $"judging until {_bakeMaxAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z at the latest");
                break;
            case WatchEnding.GatesChanged:
                OnGatesChanged(ended.Sentence);
                break;
            case WatchEnding.Drifted:
                _drifted = true;
                HoldFor("drift", AlertSeverity.Critical, ended.Sentence);
                break;
            case WatchEnding.BakePassed or WatchEnding.BakeUndecided when _machine.Phase == ReleasePhase.Baking && ended.Stage == _stage && ByNewestTimes(ended.Carry.Directive):
                _bake = ended;
                break;
            case WatchEnding.Failed:
                OnWatchFailed(ended);
                break;
            default:
                break;
        }

        if (_machine.Exposed && _stop is null && !_machine.IsTerminal) StartWatch();
    }

    /// <summary>The finding that the watch ended with, which is not always the worst.</summary>
    private static Finding? FindingOf(WatchOutput ended) => ended.Assessment?.Findings.FirstOrDefault(finding => finding.Sentence == ended.Sentence) ?? ended.Assessment?.Findings.FirstOrDefault();

    private PlannedTrigger? TriggerOf(string rule) => _plan.Triggers.FirstOrDefault(trigger => trigger.Name == rule);

    private MatrixRow? RowOf(Finding? finding) => finding is null ? null : TriggerOf(finding.Rule)?.Row;

    /// <summary>A bake that was extended, or paused and resumed, while the poll that would end it was under way goes on.</summary>
    private bool ByNewestTimes(WatchDirected directive) => directive.BakeEndsAt == _bakeEndsAt && directive.BakeMaxAt == _bakeMaxAt;

    /// <summary>A watch that fails again and again is lost sight, and treated as the request says for that.</summary>
    private void OnWatchFailed(WatchOutput ended)
    {
        if (_watchFailsSince is not { } since)
        {
            _watchFailsSince = ended.SeenAt;
            _watchGivenUp = false;
            Raise(AlertNames.WatchFails, AlertSeverity.Critical, ended.Sentence, "it is started again; sight counts as lost meanwhile");
            return;
        }

        if (_watchGivenUp || ended.SeenAt - since < _plan.Watch.BlindHold) return;
        _watchGivenUp = true;
        if (_plan.Watch.BlindThen == BlindAction.Rollback) Breach($"nothing could be judged for {_plan.Watch.BlindHold.TotalMinutes:0.#} min: {ended.Sentence}", null, ended.SeenAt);
        else HoldFor(AlertNames.WatchFails, AlertSeverity.Critical, ended.Sentence);
    }

    private void Breach(string reason, Finding? finding, DateTimeOffset seenAt)
    {
        if (_stop is not null || _machine.Phase == ReleasePhase.RollingBack) return;
        _stop = new StopCause(ReleaseTrigger.Breached, "slipway", reason) { Finding = finding, SeenAt = seenAt };
    }

    /// <summary>Holds the release because something was found; a release that is held already only gets the alert.</summary>
    private void HoldFor(string name, AlertSeverity severity, string sentence)
    {
        Raise(name, severity, sentence, "the release is held; a person decides");
        if (_stop is not null || ReleaseMachine.Next(_machine, ReleaseTrigger.Held) is null) return;
        HoldAt(ReleaseTrigger.Held, sentence);
        Post(Checkpoint.Pause, $"Held at {_exposure}", sentence);
    }

    private void Raise(string name, AlertSeverity severity, string sentence, string action) => Record(new AlertRaised(name, severity, sentence, action));
}
