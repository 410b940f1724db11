using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
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
    private bool _drifted;
    private bool _resumedFromDrift;
    private int _watches;

    /// <summary>Tells the watch what to do from now on. Flags are compared only while nobody is about to write them.</summary>
    private void Direct(WatchMode mode, bool compareFlags = true)
    {
        if (!_machine.Exposed) return;
        _directive = new WatchDirected(
            _watches,
            mode,
            _judged,
            mode == WatchMode.Bake ? _bakeEndsAt : null,
            mode == WatchMode.Bake ? _bakeMaxAt : null,
            compareFlags && !_drifted ? [.. _plan.Flags.Select(flag => _left[flag.Name])] : []);
        Record(_directive);
    }

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
        try
        {
            return await context.RunChild(ReleaseActivities.Watch, $"{release}/watch/{input.Number}", input);
        }
        catch (ActivityFailedException error)
        {
            await context.SleepUntil(context.Now + _plan.Watch.Interval);
            return new WatchOutput(WatchEnding.Stopped, _stage, $"the watch failed: {error.ErrorMessage}", null, context.Now, input);
        }
    }

    private void OnWatchEnded(WatchOutput ended)
    {
        _carry = ended.Carry;
        switch (ended.Ending)
        {
            case WatchEnding.Breached:
                var finding = ended.Assessment?.Findings.FirstOrDefault();
                Breach(ended.Sentence, finding, ended.SeenAt);
                break;
            case WatchEnding.BlindTooLong when _plan.Watch.BlindThen == BlindAction.Rollback:
                Breach($"sight was lost for longer than {_plan.Watch.BlindHold.TotalMinutes:0.#} min: {ended.Sentence}", null, ended.SeenAt);
                break;
            case WatchEnding.BlindTooLong:
                HoldFor("telemetry", AlertSeverity.Critical, $"sight stays lost: {ended.Sentence}");
                break;
            case WatchEnding.WentBlind:
                _blind = true;
                Raise("telemetry", AlertSeverity.Warning, ended.Sentence, $"nothing is promoted; {_plan.Watch.BlindThen} after {_plan.Watch.BlindHold.TotalMinutes:0.#} min");
                Post(Checkpoint.Pause, "Telemetry is blind", ended.Sentence);
                break;
            case WatchEnding.SightRegained:
                _blind = false;
                Raise("telemetry", AlertSeverity.Info, ended.Sentence, "going on");
                break;
            case WatchEnding.PauseTriggered:
                HoldFor(ended.Assessment?.Findings.FirstOrDefault()?.Rule ?? "trigger", AlertSeverity.Warning, ended.Sentence);
                break;
            case WatchEnding.Alerted:
                Raise(ended.Assessment?.Findings.FirstOrDefault()?.Rule ?? "trigger", AlertSeverity.Warning, ended.Sentence, "people were told; the release goes on");
                Post(Checkpoint.Breach, "Alert", ended.Sentence);
                break;
            case WatchEnding.BakeExtended:
                Raise("bake", AlertSeverity.Info, ended.Sentence, $"judging until {_bakeMaxAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z at the latest");
                break;
            case WatchEnding.Drifted:
                _drifted = true;
                HoldFor("drift", AlertSeverity.Critical, ended.Sentence);
                break;
            case WatchEnding.BakePassed or WatchEnding.BakeUndecided when _machine.Phase == ReleasePhase.Baking && ended.Stage == _stage:
                _bake = ended;
                break;
            default:
                break;
        }

        if (_machine.Exposed && _stop is null && !_machine.IsTerminal) StartWatch();
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
