using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>
/// The request's HTTP gates. Before a stage they are asked here, after approval and window and right before the first write; during its
/// bake the watch asks them, and what it heard decides about promotion.
/// </summary>
internal sealed partial class ReleaseRun
{
    /// <summary>How long a gate before a stage is asked again before a person has to decide.</summary>
    private static readonly TimeSpan GatePatience = TimeSpan.FromMinutes(10);

    /// <summary>Whether the stage before was left early by a person: then its critical smoke checks are asked before more users are exposed.</summary>
    private bool _unverified;

    private readonly Dictionary<string, GateStatus> _gatesBefore = new(StringComparer.Ordinal);
    private DateTimeOffset _gatesPassedAt;
    private GateRuns _gatesDuring = GateRuns.None;
    private bool _gatesBlocked;

    private IReadOnlyList<HttpGateSpec> GatesOf(GateTiming when) =>
        _stage < 0 ? [] : [.. _plan.Gates.Where(gate => gate.When == when && (gate.Stage is null || gate.Stage == Stage.Percentage))];

    /// <summary>The gates that the watch asks now: those of a bake that is under way, also while it is held. Null: none.</summary>
    private IReadOnlyList<HttpGateSpec>? BakeGates() =>
        _machine.Effective == ReleasePhase.Baking && GatesOf(GateTiming.DuringBake) is { Count: > 0 } gates ? gates : null;

    /// <summary>The gates of the bake before this stage whose newest answer, heard when its verdict had fallen already, is no pass.</summary>
    private IEnumerable<HttpGateSpec> FailedInTheBakeBefore()
    {
        if (!loaded.AsksFailedGatesAgain || _stage < 1) return [];
        return _environments[_plan.EnvironmentOf(_stage - 1).Index].Carry?.Gates is { } gates && gates.Stage == _stage - 1
            ? gates.Answers.Values.Select(answers => answers[^1]).Where(answer => !answer.Passed && !answer.Gate.Advisory).Select(answer => answer.Gate)
            : [];
    }

    /// <summary>
    /// Asks the gates before the stage until all pass at a moment at which the window is open. In phase Shifting before and after, in Waiting
    /// meanwhile; false: the release has to stop. Nothing is increased while a gate does not pass, and after a while a person decides.
    /// </summary>
    private async Task<bool> PassGates()
    {
        var own = GatesOf(GateTiming.BeforeStage);
        IReadOnlyList<SmokeSpec> smoke = _unverified ? [.. _request.Preflight.Smoke.Where(check => check.CriticalPath)] : [];
        DateTimeOffset? since = null;
        _gatesBefore.Clear();
        while (true)
        {
            // A watch that was told late may still hear of one that fails.
            IReadOnlyList<HttpGateSpec> gates = [.. own, .. FailedInTheBakeBefore()];
            if (gates.Count + smoke.Count == 0) break;
            if (_machine.Phase == ReleasePhase.Paused) since = null;
            if (!await MayGoOn()) return false;
            var answers = await AskGates(gates, smoke);
            if (_stop is not null) return false;

            // What was seen before a hold says nothing about the moment after it.
            if (_machine.Phase == ReleasePhase.Paused || _resumedFromDrift) continue;
            foreach (var answer in answers.Where(answer => _gatesBefore.GetValueOrDefault(answer.Gate, (GateStatus)(-1)) != answer.Status))
            {
                _gatesBefore[answer.Gate] = answer.Status;
                Record(answer);
            }

            if (answers.FirstOrDefault(answer => answer.Status != GateStatus.Pass) is not { } failed)
            {
                if (_machine.Phase == ReleasePhase.Shifting)
                {
                    _unverified = false;
                    _gatesPassedAt = context.Now;
                    return true;
                }

                if (!await WaitForWindow(_stage)) return false;
                continue;
            }

            var sentence = $"{failed.Gate} does not pass before {_plan.Describe(_stage)}: {failed.Details}";
            var begins = since is null;
            var limit = (since ??= context.Now) + GatePatience;
            if (begins || _machine.Phase == ReleasePhase.Shifting)
            {
                Fire(ReleaseTrigger.GatesAwaited, $"{sentence}; it is asked again every {_plan.Watch.Interval.TotalSeconds:0} s", limit, "the release is held for a person");
                Raise(failed.Gate, AlertSeverity.Warning, sentence, "nothing is increased; it is asked again");
            }
            else if (context.Now >= limit)
            {
                HoldFor(failed.Gate, AlertSeverity.Critical, $"{sentence}, for {GatePatience.TotalMinutes:0} min; resume asks it anew");
                continue;
            }

            var next = context.Now + _plan.Watch.Interval;
            await Pump(() => _machine.Phase == ReleasePhase.Paused, null, next < limit ? next : limit);
        }

        _gatesPassedAt = context.Now;
        return true;
    }

    private async Task<IReadOnlyList<GateChecked>> AskGates(IReadOnlyList<HttpGateSpec> gates, IReadOnlyList<SmokeSpec> smoke)
    {
        if (smoke.Count == 0) return await AskGates(gates);
        var checks = Task.WhenAll(smoke.Select(Smoke));
        await Pump(() => checks.IsCompleted, checks, null);
        IReadOnlyList<GateChecked> asked = gates.Count > 0 && _stop is null ? await AskGates(gates) : [];
        return _stop is null ? [.. asked, .. await checks] : [];
    }

    private async Task<IReadOnlyList<GateChecked>> AskGates(IReadOnlyList<HttpGateSpec> gates)
    {
        var askedAt = context.Now;
        var answer = await Forward(context.RunActivity(ReleaseActivities.AskGates, new AskGatesInput(gates)));
        return [.. gates.Select((gate, index) => (answer.Value is { } value
            ? new GateAnswer(gate, value.Results[index].Status == GateStatus.Pass, value.Results[index].Details, value.Results[index].LatencyMs, askedAt)
            : new GateAnswer(gate, false, $"could not be asked: {answer.Problem}", null, askedAt)).Checked())];
    }

    /// <summary>A gate of the bake answers otherwise than before; the watch goes on.</summary>
    private void OnGatesChanged(string sentence)
    {
        var blocked = _gatesDuring.Block(_stage, BakeGates()) is not null;
        // That they pass is news only to who was told that they did not.
        if (!blocked && !_gatesBlocked) return;
        _gatesBlocked = blocked;
        var ownFails = _gatesDuring.Answers.Values.Any(answers => answers[^1] is { Passed: false, Gate.Leans: null });
        Raise("gates", blocked ? AlertSeverity.Warning : AlertSeverity.Info, sentence, (blocked, ownFails) switch
        {
            (true, true) => $"nothing is promoted; {GateRuns.FailuresToBreach} polls in a row roll the release back",
            (true, false) => "nothing is promoted until it answers; an outage of another system rolls nothing back",
            _ => "going on",
        });
    }
}
