using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>Before anyone is exposed: gates, locks, and the state to come back to.</summary>
internal sealed partial class ReleaseRun
{
    /// <summary>How many closed intervals the baseline gate looks at.</summary>
    private const int BaselineIntervals = 10;

    /// <summary>How long the answers of gates that look at the world count.</summary>
    private static readonly TimeSpan GatesLast = TimeSpan.FromHours(1);

    private DateTimeOffset _gatesAskedAt;

    private async Task<bool> Preflight()
    {
        if (!await LocksAreFree()) return false;
        List<GateChecked> gates = [.. StaticGates.Check(_request, _plan, loaded.Approvals, loaded.Rehearsal)];
        foreach (var flag in _plan.Flags) Record(new EffectIntended($"kill-switch:{flag.Key}", EffectKind.Flag, flag.Key.ToString(), "write the flag's own content back while it is off, and read it back"));
        await Pump(() => false, Recorded(), null);
        if (_stop is not null) return LeaveProofs();

        var proofs = Task.WhenAll(_plan.Flags.Select(flag => Gate(
            flag.Key.ToString(), true, GateKind.Quality, context.RunActivity(ReleaseActivities.ProveKillSwitch, new KillSwitchInput(flag)))));
        var live = LookAtTheWorld();
        await Pump(() => live.IsCompleted && proofs.IsCompleted, Task.WhenAll(live, proofs), null);
        if (_stop is not null) return LeaveProofs();
        _gatesAskedAt = context.Now;
        gates.Add(AdvanceNotice.Gate(StartAhead(), context.Now));
        gates.Add(OpenWindow());
        gates.Add(KillSwitches(await proofs));
        var seen = await live;
        gates.AddRange(seen.Gates);
        gates.AddRange(Keep(seen.Calibrations));
        foreach (var gate in gates) Record(gate);
        await Ready();
        if (_stop is not null) return false;
        if (StopFor(gates, "preflight failed")) return false;
        Fire(ReleaseTrigger.GatesPassed, $"{gates.Count} gates checked, none critical failed", _request.Release.StartAt, "the release starts");
        _ = Announce(_ended);
        _evidence = $"Preflight: {gates.Count} gates checked, none critical failed; risk {_plan.Risk.ToString().ToLowerInvariant()}; stages {AllStages()}{CalendarAsked()}";
        return await Approve(0) && await WaitForWindow(_stage);
    }

    /// <summary>A release that stops waits for no proof: its write may still land, and changes nothing. Always false.</summary>
    private bool LeaveProofs()
    {
        if (!loaded.EndsWhatItBegan) return false;
        foreach (var flag in _plan.Flags) Record(new EffectFinished($"kill-switch:{flag.Key}", EffectKind.Flag, flag.Key.ToString(), EffectOutcome.TimedOut, "not waited for: the release stops", null));
        return false;
    }

    /// <summary>Ends the release when a critical gate failed.</summary>
    private bool StopFor(IEnumerable<GateChecked> gates, string what)
    {
        var failed = gates.Where(gate => gate is { Critical: true, Status: GateStatus.Fail }).ToList();
        if (failed.Count == 0) return false;
        var reason = $"{what}: {string.Join("; ", failed.Select(gate => $"{gate.Gate}: {gate.Details}"))}";
        Fire(ReleaseTrigger.GatesFailed, reason);
        _stop = new StopCause(ReleaseTrigger.GatesFailed, "slipway", reason);
        return true;
    }

    /// <summary>
    /// What was good when it was asked says little after a wait for people or a window: the gates that look at the world are asked once more
    /// before anything is captured. False: the release has to stop.
    /// </summary>
    private async Task<bool> AskAgain()
    {
        var live = LookAtTheWorld();
        await Pump(() => live.IsCompleted, live, null);
        if (_stop is not null) return false;
        var seen = await live;
        List<GateChecked> gates = [.. seen.Gates, .. Keep(seen.Calibrations)];
        _gatesAskedAt = context.Now;
        foreach (var gate in gates) Record(gate);
        await Ready();
        return _stop is null && !StopFor(gates, "checked again after the wait, and failed");
    }

    /// <summary>One gate for all flags, since the contract has one: it is as bad as its worst flag.</summary>
    private GateChecked KillSwitches(GateChecked[] proofs)
    {
        foreach (var proof in proofs)
        {
            var outcome = proof.Status == GateStatus.Pass ? EffectOutcome.Done : EffectOutcome.Failed;
            Record(new EffectFinished($"kill-switch:{proof.Gate}", EffectKind.Flag, proof.Gate, outcome, proof.Details, null));
        }

        return new GateChecked(
            QualityGates.KillSwitch,
            proofs.Length == 0 ? GateStatus.Warning : proofs.Any(proof => proof.Status == GateStatus.Fail) ? GateStatus.Fail : GateStatus.Pass,
            true,
            proofs.Length == 0 ? "not applicable: the release has no flag" : string.Join("; ", proofs.Select(proof => proof.Details)),
            GateKind.Quality,
            null);
    }

    private GateChecked OpenWindow()
    {
        var at = _request.Release.StartAt is { } start && start > context.Now ? start : context.Now;
        return new GateChecked(QualityGates.ChangeWindow, _schedule.IsOpen(at) && _schedule.ByApproval(at) is null ? GateStatus.Pass : GateStatus.Warning, false, _schedule.Why(at), GateKind.Quality, null);
    }

    /// <summary>Those beside the baseline.</summary>
    private IEnumerable<Task<GateChecked>> LiveGates()
    {
        var preflight = _request.Preflight;
        if (preflight.StagingTests is { } staging) yield return Gate(QualityGates.StagingTests, true, GateKind.Quality, Ask(staging));
        if (preflight.SecurityScan is { } scan) yield return Gate(QualityGates.SecurityScan, true, GateKind.Quality, context.RunActivity(ReleaseActivities.Scan, new ScanInput(scan)));
        foreach (var smoke in preflight.Smoke) yield return Smoke(smoke);
        foreach (var service in ServiceGates()) yield return service;
        foreach (var api in preflight.Dependencies.ExternalApis)
        {
            if (api.Health is { } url) yield return Gate(QualityGates.ExternalApi(api.Name), !api.Fallback, GateKind.ExternalApi, Ask(url));
        }

        foreach (var part in preflight.Evidence.Infrastructure) yield return Gate(QualityGates.Infrastructure(part.Name), part.Critical, GateKind.Quality, Ask(part.Url));
        foreach (var gate in EvidenceGates.Of(_request)) yield return Evidence(gate);
    }

    /// <summary>What another system found: read where the request says so, and then judged.</summary>
    private async Task<GateChecked> Evidence(EvidenceGate gate)
    {
        var reads = await Task.WhenAll(gate.Urls.Select(url => url is null ? Task.FromResult<EvidenceRead?>(null) : Read(url)));
        return gate.Judge(reads, context.Now);

        async Task<EvidenceRead?> Read(Uri url)
        {
            var answer = await Attempt(context.RunActivity(ReleaseActivities.ReadEvidence, new EvidenceInput(url)), ForwardTimeout);
            return answer.Value?.Read ?? new EvidenceRead(null, "", answer.Problem);
        }
    }

    /// <summary>One for each service that can be asked for its health.</summary>
    private IEnumerable<Task<GateChecked>> ServiceGates() =>
        from service in _request.Preflight.Dependencies.Services
        where service.Health is not null
        select Gate(QualityGates.Service(service.Name), service.Critical, GateKind.Service, Ask(service.Health!));

    /// <summary>One gate for all environments, since the contract has one: it is as bad as its worst environment.</summary>
    private async Task<GateChecked> Baselines(DateTimeOffset from, DateTimeOffset to)
    {
        var gates = await Task.WhenAll(_environments.Select(environment => Gate(
            QualityGates.Baseline, true, GateKind.Quality, context.RunActivity(ReleaseActivities.Baseline, new BaselineInput(environment.Plan, from, to)))));
        if (gates.Length == 1) return gates[0];
        var status = gates.Any(gate => gate.Status == GateStatus.Fail) ? GateStatus.Fail
            : gates.Any(gate => gate.Status == GateStatus.Warning) ? GateStatus.Warning : GateStatus.Pass;
        return gates[0] with { Status = status, Details = string.Join("; ", gates.Zip(_environments, (gate, environment) => $"{environment.Environment.Word}: {gate.Details}")) };
    }

    private Task<GateOutput> Ask(Uri url) => context.RunActivity(ReleaseActivities.Probe, new ProbeInput(url, null, TimeSpan.FromSeconds(10)));

    private Task<GateChecked> Smoke(SmokeSpec smoke) => Gate(
        QualityGates.Smoke(smoke.Name),
        smoke.CriticalPath,
        GateKind.Smoke,
        context.RunActivity(ReleaseActivities.Probe, new ProbeInput(smoke.Url, smoke.ExpectStatus, smoke.Within)));

    /// <summary>A gate that cannot be checked has failed.</summary>
    private async Task<GateChecked> Gate(string name, bool critical, GateKind kind, Task<GateOutput> check)
    {
        var answer = await Attempt(check, ForwardTimeout);
        var result = answer.Value ?? new GateOutput(GateStatus.Fail, $"could not be checked: {answer.Problem}");

        // An unproven fact about something that does not block is worth a warning, not a failure of the release.
        var status = result.Status == GateStatus.Fail && !critical ? GateStatus.Warning : result.Status;
        return new GateChecked(name, status, critical, result.Details, kind, result.LatencyMs);
    }

    private async Task<bool> TakeLocksAndCapture()
    {
        FlagKey[] flags = [.. _plan.Flags.Select(flag => flag.Key)];
        string[] keys = [.. _plan.Levels.Where(level => level.Level == 2).SelectMany(level => level.Targets)];
        if (await TakeLocks(flags, keys) is not { } problem) return false;

        if (problem.Length == 0)
        {
            var captured = await Forward(context.RunActivity(ReleaseActivities.Capture, new CaptureInput(flags, keys)));
            if (_stop is not null) return false;
            problem = captured.Value is null ? $"the state could not be captured: {captured.Problem}" : captured.Value.Problem;
            if (captured.Value is { Problem.Length: 0 } state)
            {
                foreach (var flag in state.Flags) _captured[flag.Key] = _left[flag.Key] = flag;
                _keys = state.Keys;
                Record(new StateCaptured(state.Flags, state.Keys));
            }
        }

        // The way back is durable before the first step forward; nothing is waited for between the last look for a pause and that step.
        await Pump(() => false, Recorded(), null);
        if (_stop is not null) return false;
        await Ready();
        if (_stop is not null) return false;
        if (problem.Length > 0)
        {
            Fire(ReleaseTrigger.CaptureFailed, problem);
            _stop = new StopCause(ReleaseTrigger.CaptureFailed, "slipway", problem);
            return false;
        }

        _stage = 0;
        Fire(ReleaseTrigger.Captured, "the state to come back to is recorded");
        Post(Checkpoint.Start, MessageWords.Started, MessageWords.StartDetails(_request, _plan));
        BeginProgress();
        return true;
    }

    private string AllStages() => string.Join(", ", _plan.Stages.Select(stage => _plan.Describe(stage.Index)));
}
