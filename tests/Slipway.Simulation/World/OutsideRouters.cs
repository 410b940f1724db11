using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Rehearsal.Traffic;
using Slipway.Scenarios.World;
using Slipway.Simulation.Cases;
using Slipway.Workflow.Ports;

namespace Slipway.Simulation.World;

/// <summary>The applications of all releases of a run, found by the service whose telemetry is asked for.</summary>
internal sealed class FleetRouter(TimeProvider time) : IMetricSource
{
    private readonly Dictionary<string, SimulatedFleet> _fleets = new(StringComparer.Ordinal);

    public int Count => _fleets.Values.Distinct().Count();

    /// <summary>From now on there is the service of a release.</summary>
    public void Serve(ReleaseRequest request, SimulatedRelease release, ulong key)
    {
        if (_fleets.ContainsKey(request.Telemetry!.Service)) return;
        var plan = Planner.Draft(request);
        var fleet = new SimulatedFleet(plan, ServiceProfile.Of(request, plan), key, time);
        var stage = plan.Stages[Math.Min(release.Stage, plan.Stages.Count - 1)];
        var application = fleet.Applications[stage.Environment];
        (application.Defect, application.From) = (release.Defect, stage.Percentage);
        foreach (var environment in plan.Environments) _fleets[environment.Watch.Service] = fleet;
    }

    /// <summary>Somebody wrote a flag.</summary>
    public void Changed(FlagState flag)
    {
        foreach (var fleet in _fleets.Values.Distinct()) fleet.Changed(flag);
    }

    /// <summary>The pipeline did a step for a release: those of one service are attempts at the same request.</summary>
    public void Route(ReleaseId release, HookStep step)
    {
        foreach (var (service, fleet) in _fleets)
        {
            if (release.Value.Contains(service["service-".Length..], StringComparison.Ordinal)) fleet.Route(step);
        }
    }

    public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        _fleets[watch.Service].ReadAsync(watch, from, to, cancellation);

    public Task<CohortReading> ReadCohortAsync(WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        _fleets[watch.Service].ReadCohortAsync(watch, cohort, from, to, cancellation);
}

/// <summary>A pipeline for each release, which keeps its own record.</summary>
/// <param name="time">The clock of the run.</param>
/// <param name="fleets">Where traffic goes.</param>
/// <param name="pipelines">How they work.</param>
internal sealed class HookRouter(TimeProvider time, FleetRouter fleets, PipelineKind pipelines) : IDeployHook
{
    private readonly Dictionary<ReleaseId, RecordingHook> _hooks = [];

    /// <summary>The record of a release's pipeline.</summary>
    public RecordingHook Of(ReleaseId release)
    {
        if (_hooks.TryGetValue(release, out var known)) return known;
        var hook = new RecordingHook(time) { OnStep = step => fleets.Route(release, step), WorksAlone = true, GivesStatus = pipelines.GivesStatus };
        hook.Takes = step => step.Exposes ? pipelines.Takes : TimeSpan.Zero;
        _hooks.Add(release, hook);
        return hook;
    }

    public Task<HookResult> CallAsync(Uri hook, HookCall call, CancellationToken cancellation) => Of(call.Release).CallAsync(hook, call, cancellation);

    public Task<HookResult> StatusAsync(Uri status, CancellationToken cancellation) =>
        _hooks.Values.First(hook => hook.Gave(status)).StatusAsync(status, cancellation);
}

/// <summary>Shows each mail to those who answer mail.</summary>
internal sealed class ShownMailer(RecordingMailer inner, Action<OutgoingMail> onMail) : IMailer
{
    private readonly HashSet<Guid> _seen = [];

    public async Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        var answer = await inner.SendAsync(mail, cancellation);
        if (_seen.Add(mail.OperationId)) onMail(mail);
        return answer;
    }
}

/// <summary>Nobody reads snapshots here; what is asked of them is read from the ledgers.</summary>
internal sealed class NoSnapshots : IReleaseSnapshots
{
    public Task PutAsync(ReleaseSnapshot snapshot, CancellationToken cancellation) => Task.CompletedTask;

    public Task<ReleaseSnapshot?> GetAsync(ReleaseId release, CancellationToken cancellation) => Task.FromResult<ReleaseSnapshot?>(null);

    public Task<IReadOnlyList<ReleaseSummary>> ListAsync(int skip, int take, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<ReleaseSummary>>([]);
}
