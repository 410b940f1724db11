using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Decisions;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Watch;

namespace Slipway.Workflow.Releases;

/// <summary>
/// The watches: one child at a time for each environment that is exposed, what it is told, and what its findings cause. An earlier
/// environment stays watched until the release ends: a breach there rolls everything back, while lost sight there is an alert, since its
/// evidence was complete when it passed.
/// </summary>
internal sealed partial class ReleaseRun
{
    private WatchOutput? _bake;
    private DateTimeOffset _bakeEndsAt;
    private DateTimeOffset _bakeMaxAt;
    private bool _resumedFromDrift;
    private int _watches;

    private bool Drifted => _environments.Any(environment => environment.Drifted);

    /// <summary>Tells the watch of the environment under way what to do from now on.</summary>
    private void Direct(WatchMode mode) => Direct(Here, mode);

    /// <summary>Tells a watch what to do from now on. Flags are compared only while nobody is about to write them.</summary>
    private void Direct(EnvironmentWatch environment, WatchMode mode)
    {
        if (!_machine.Exposed || !environment.Begun) return;
        environment.Directive = new WatchDirected(
            environment.Directive.Watch,
            mode,
            environment.Writing || environment.Drifted ? environment.Judged is { } judged ? judged with { Unsettled = true } : null : environment.Judged,
            mode == WatchMode.Bake ? _bakeEndsAt : null,
            mode == WatchMode.Bake ? _bakeMaxAt : null,
            Compared(environment),
            environment == Here ? BakeGates() : null,
            environment.Environment.Index);
        Record(environment.Directive);
    }

    /// <summary>The flags that nobody is about to write, as they were left; none of an environment that drifted.</summary>
    private List<FlagState> Compared(EnvironmentWatch environment) => environment switch
    {
        { Drifted: true } => [],
        { Waits: true } => [.. environment.Environment.Flags.Where(flag => !_underWay.Contains(flag.Key)).Select(flag => _left[flag.Key])],
        { Writing: true } => [],
        _ => [.. environment.Environment.Flags.Select(flag => _left[flag.Key])],
    };

    /// <summary>A wait amidst a shift may last for days: flags that nobody is writing are compared again meanwhile.</summary>
    private void WaitInShift()
    {
        Here.Writing = _underWay.Count > 0;
        Here.Waits = loaded.ComparesWhileItWaits;
    }

    /// <summary>The watch is told before the next write, which it would take for somebody else's. What allowed that is to be looked at again.</summary>
    private async Task GoOnInShift()
    {
        Here.Writing = true;
        Here.Waits = false;
        Direct(WatchMode.Hold);
        if (loaded.ComparesWhileItWaits) await Pump(() => false, Recorded(), null);
    }

    private void DirectByPhase() => Direct(_machine.Phase is ReleasePhase.Baking or ReleasePhase.Propagating ? WatchMode.Bake : WatchMode.Hold);

    private void StopWatches()
    {
        foreach (var environment in _environments) Direct(environment, WatchMode.Stop);
    }

    /// <summary>Makes sure that a child watches an environment; called before its first write and after each child's end.</summary>
    private void StartWatch(EnvironmentWatch environment)
    {
        if (environment.Running is not null) return;
        _watches++;
        environment.Directive = environment.Directive with { Watch = _watches };
        var judgedUntil = WatchWorkflow.LastClosed(context.Now, TimeSpan.Zero, environment.Environment.Watch.Interval);
        var start = environment.Carry ?? new WatchInput
        {
            Release = release,
            Number = _watches,
            Plan = environment.Plan,
            Environment = environment.Environment.Index,
            Directive = environment.Directive,
            Cursor = 0,
            JudgedUntil = judgedUntil,
            Judge = environment.Calibration is { } calibration ? CalibratedStart.Of(calibration, judgedUntil, environment.Environment.Watch.Interval) : null,
        };
        environment.Running = RunWatch(environment, start with
        {
            Number = _watches,
            Directive = environment.Directive,
            Polls = 0,
            Phase = PollPhase.Of(release, environment.Environment.Index, environment.Environment.Watch),
        });
    }

    /// <summary>A child that fails is a watch that saw nothing; it is replaced after a pause, and sight counts as lost meanwhile.</summary>
    private async Task<WatchOutput> RunWatch(EnvironmentWatch environment, WatchInput input)
    {
        var begunAt = context.Now;
        try
        {
            return await context.RunChild(ReleaseActivities.Watch, $"{release}/watch/{input.Number}", input);
        }
        catch (ActivityFailedException error)
        {
            // One that had watched for long before it failed is not part of a series.
            if (context.Now - begunAt >= environment.Environment.Watch.BlindHold) environment.FailsSince = null;
            await context.SleepUntil(context.Now + environment.Environment.Watch.Interval);
            return new WatchOutput(WatchEnding.Failed, _stage, $"the watch failed: {error.ErrorMessage}", null, context.Now, input);
        }
    }

    private void OnWatchEnded(EnvironmentWatch environment, WatchOutput ended)
    {
        environment.Carry = ended.Carry;
        if (environment == Here) _gatesDuring = ended.Carry.Gates;

        // Evidence that the ledger did not take from the watch is brought there with the release's own entries, in case that no other watch follows.
        // One that does brings it too, so that what it judges itself never stands before what that went on from; each entry is taken once.
        _ledger.Add(ended.Carry.Unrecorded);
        if (ended.Ending != WatchEnding.Failed) environment.FailsSince = null;
        if (_machine.IsTerminal && loaded.AsksNothingOnceOver)
        {
            OnFoundLate(environment, ended);
            return;
        }

        var rule = FindingOf(ended)?.Rule ?? "trigger";
        var sentence = $"{ended.Sentence}{environment.In}";
        switch (ended.Ending)
        {
            case WatchEnding.Breached:
                Breach(environment, sentence, ended.Assessment?.Findings.FirstOrDefault(), ended.SeenAt);
                break;
            case WatchEnding.BlindTooLong or WatchEnding.WentBlind or WatchEnding.SightRegained:
                OnSight(environment, ended);
                break;
            case WatchEnding.PauseTriggered:
                HoldFor(rule, AlertSeverity.Warning, sentence);
                break;
            case WatchEnding.EvaluationDue when _stop is null:
                Open(RowOf(FindingOf(ended)), rule, sentence, EvaluationSilence.RollBack, FindingOf(ended), ended.SeenAt);
                break;
            case WatchEnding.Alerted when FindingOf(ended) is { Shared: true }:
                // It is no warning about the canary; somebody has to look at the service all the same.
                Raise(rule, AlertSeverity.Warning, sentence, "on-call was paged; the release goes on");
                Page(rule, $"Both versions: {rule}", sentence);
                break;
            case WatchEnding.Alerted:
                Raise(rule, AlertSeverity.Warning, sentence, "people were told; the release goes on");
                Alert(rule, sentence);
                Warn(rule, ended.SeenAt, sentence, TriggerOf(rule)?.Window ?? TimeSpan.Zero);
                break;
            case WatchEnding.BakeExtended:
                Raise("bake", AlertSeverity.Info, sentence, $"judging until {_bakeMaxAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z at the latest");
                break;
            case WatchEnding.GatesChanged:
                OnGatesChanged(sentence);
                break;
            case WatchEnding.Drifted:
                OnDrift(environment, ended);
                break;
            case WatchEnding.BakePassed or WatchEnding.BakeWaived when _gatesDuring.Block(_stage, BakeGates()) is not null:
                // It judged the whole bake at its first look, as after the machine stood still, and does not know of the gates yet: the next one asks.
                break;
            case WatchEnding.BakePassed or WatchEnding.BakeWaived or WatchEnding.BakeUndecided when _machine.Phase == ReleasePhase.Baking && ended.Stage == _stage && ByNewestTimes(ended.Carry.Directive):
                _bake = ended;
                break;
            case WatchEnding.Failed:
                OnWatchFailed(environment, ended);
                break;
            default:
                break;
        }

        if (_machine.Exposed && _stop is null && !_machine.IsTerminal) StartWatch(environment);
    }

    /// <summary>Sight was lost, stays lost, or is back.</summary>
    private void OnSight(EnvironmentWatch environment, WatchOutput ended)
    {
        var watch = environment.Environment.Watch;
        var sentence = $"{ended.Sentence}{environment.In}";
        var name = $"telemetry{environment.In}";
        environment.Blind = ended.Ending != WatchEnding.SightRegained;
        if (ended.Ending == WatchEnding.WentBlind) environment.BlindSince = ended.SeenAt;
        if (ended.Ending == WatchEnding.SightRegained)
        {
            Raise(name, AlertSeverity.Info, sentence, "going on");
        }
        else if (environment.Passed)
        {
            Raise(name, AlertSeverity.Warning, sentence, "people look; the release goes on, since this environment had passed");
        }
        else if (ended.Ending == WatchEnding.WentBlind)
        {
            Raise(name, AlertSeverity.Warning, sentence, $"nothing is promoted; {watch.BlindThen} after {watch.BlindHold.TotalMinutes:0.#} min");
            Post(Checkpoint.Pause, "Telemetry is blind", sentence);
        }
        else if (watch.BlindThen == BlindAction.Rollback && DecisionMatrix.Of(MatrixRow.MetricsMissing, Canonical()).Response == MatrixResponse.HoldThenRollback)
        {
            Breach(environment, $"sight was lost for longer than {watch.BlindHold.TotalMinutes:0.#} min: {sentence}", null, ended.SeenAt);
        }
        else
        {
            HoldFor(name, AlertSeverity.Critical, $"sight stays lost: {sentence}");
        }
    }

    /// <summary>Somebody else changed a flag: it is compared again only when a person has resumed.</summary>
    private void OnDrift(EnvironmentWatch environment, WatchOutput ended)
    {
        if (ended.Found is { Count: > 0 } found) Record(new FlagsFound(found));
        environment.Drifted = true;
        if (environment != Here) Direct(environment, WatchMode.Hold);
        HoldFor("drift", AlertSeverity.Critical, ended.Sentence);
    }

    /// <summary>The finding that the watch ended with, which is not always the worst.</summary>
    private static Finding? FindingOf(WatchOutput ended) => ended.Assessment?.Findings.FirstOrDefault(finding => finding.Sentence == ended.Sentence) ?? ended.Assessment?.Findings.FirstOrDefault();

    private PlannedTrigger? TriggerOf(string rule) => _plan.Triggers.FirstOrDefault(trigger => trigger.Name == rule);

    private MatrixRow? RowOf(Finding? finding) => finding is null ? null : TriggerOf(finding.Rule)?.Row;

    /// <summary>A bake that was extended, or paused and resumed, while the poll that would end it was under way goes on.</summary>
    private bool ByNewestTimes(WatchDirected directive) => directive.BakeEndsAt == _bakeEndsAt && directive.BakeMaxAt == _bakeMaxAt;

    /// <summary>A watch that fails again and again is lost sight, and treated as the request says for that.</summary>
    private void OnWatchFailed(EnvironmentWatch environment, WatchOutput ended)
    {
        var watch = environment.Environment.Watch;
        var sentence = $"{ended.Sentence}{environment.In}";
        var name = environment == Here ? AlertNames.WatchFails : AlertNames.WatchFails + environment.In;
        if (environment.FailsSince is not { } since)
        {
            environment.FailsSince = ended.SeenAt;
            environment.GivenUp = false;
            if (loaded.TakesFailingForBlind)
            {
                // The next one says so as soon as it has judged something again.
                environment.Blind = true;
                environment.BlindSince = ended.SeenAt;
                environment.Carry = ended.Carry with { BlindReported = true };
            }

            Raise(name, AlertSeverity.Critical, sentence, "it is started again; sight counts as lost meanwhile");
            return;
        }

        if (environment.GivenUp || ended.SeenAt - since < watch.BlindHold) return;
        environment.GivenUp = true;
        if (environment.Passed) Raise(name, AlertSeverity.Critical, $"nothing could be judged for {watch.BlindHold.TotalMinutes:0.#} min: {sentence}", "people look; the release goes on");
        else if (watch.BlindThen == BlindAction.Rollback) Breach(environment, $"nothing could be judged for {watch.BlindHold.TotalMinutes:0.#} min: {sentence}", null, ended.SeenAt);
        else HoldFor(name, AlertSeverity.Critical, sentence);
    }

    private void Breach(EnvironmentWatch environment, string reason, Finding? finding, DateTimeOffset seenAt)
    {
        if (_stop is not null || _machine.Phase == ReleasePhase.RollingBack) return;
        _stop = new StopCause(ReleaseTrigger.Breached, "slipway", reason)
        {
            Finding = finding,
            SeenAt = seenAt,
            Environment = environment == Here ? null : environment.Environment.Index,
        };
    }

    /// <summary>Holds the release because something was found; a release that is held already only gets the alert.</summary>
    private void HoldFor(string name, AlertSeverity severity, string sentence)
    {
        Raise(name, severity, sentence, "the release is held; a person decides");
        if (_stop is not null || ReleaseMachine.Next(_machine, ReleaseTrigger.Held) is null) return;
        HoldAt(ReleaseTrigger.Held, sentence);
        var paged = severity == AlertSeverity.Critical ? Page(name, $"Held: {name}", sentence) : [];
        Post(Checkpoint.Pause, $"Held at {Exposed}", sentence, paged);
    }

    private void Raise(string name, AlertSeverity severity, string sentence, string action) => Record(new AlertRaised(name, severity, sentence, action));
}
