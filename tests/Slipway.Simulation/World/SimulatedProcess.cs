using Slipway.Core.Analysis.Judging;
using Slipway.Core.Releases;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Releases;
using Slipway.Rehearsal.World;
using Slipway.Simulation.Cases;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Freezes;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Simulation.World;

/// <summary>
/// One life of the server's process: engine, desks and sweeper over the stores of the world. When it dies nothing of it acts any more, and what
/// it had not stored is gone.
/// </summary>
internal sealed class SimulatedProcess : IReleaseClient, IAsyncDisposable
{
    private readonly SimulatedWorld _world;
    private readonly EmbeddedReleaseClient _client;

    public SimulatedProcess(SimulatedWorld world)
    {
        _world = world;
        var inside = world.PortsOf(this, slow: true);
        var registry = ReleaseModule.Register(new WorkflowRegistry(), inside, new ReleaseJournal(inside.Ledger, inside.Snapshots, publishes: false), new EvidenceJudge());
        ReleaseModule.RegisterStarts(registry, this);
        world.Mutation?.WrapInto(registry);
        Engine = world.OpenEngine(registry, new EngineOptions { BeforeCommit = () => Commit(IncidentKind.CrashBeforeCommit), AfterCommit = () => Commit(IncidentKind.CrashAfterCommit) });
        _client = new EmbeddedReleaseClient(Engine);
        var ports = world.PortsOf(this, slow: false);
        var journal = new ReleaseJournal(ports.Ledger, ports.Snapshots, publishes: false);
        Desk = new ReleaseDesk(journal, ports.Snapshots, this, ports.Flags, world.Time, world.DeskOptions);
        FreezeDesk = new FreezeDesk(ports.Freezes, journal, ports.Snapshots, this, world.Time);
        LockDesk = new LockDesk(ports.Locks, journal, this, world.Time);
        Sweeper = new ReleaseSweeper(journal, ports.Snapshots, ports.Freezes, LockDesk, this, world.Time);
    }

    public EmbeddedEngine Engine { get; }

    public ReleaseDesk Desk { get; }

    public ReleaseSweeper Sweeper { get; }

    public FreezeDesk FreezeDesk { get; }

    public LockDesk LockDesk { get; }

    public bool Dead { get; private set; }

    /// <summary>For how long nothing runs after its death.</summary>
    public TimeSpan Downtime { get; private set; }

    /// <summary>Kills the process.</summary>
    public void Die(TimeSpan downtime)
    {
        (Dead, Downtime) = (true, downtime);
        throw new ProcessDiedException();
    }

    public void ThrowIfDead()
    {
        if (Dead) throw new ProcessDiedException();
    }

    public async ValueTask DisposeAsync()
    {
        Dead = true;
        await Engine.DisposeAsync();
    }

    public Task ScheduleAsync(ReleaseId release, CancellationToken cancellation) => SignalAsync(() => _client.ScheduleAsync(release, cancellation));

    public Task WakeAsync(ReleaseId release, CancellationToken cancellation) => SignalAsync(() => _client.WakeAsync(release, cancellation));

    public Task RescueAsync(ReleaseId release, CancellationToken cancellation) => SignalAsync(() => _client.RescueAsync(release, cancellation));

    public Task AftercareAsync(ReleaseId release, CancellationToken cancellation) => SignalAsync(() => _client.AftercareAsync(release, cancellation));

    public Task<OrchestrationHealth> HealthAsync(ReleaseId release, CancellationToken cancellation) => _client.HealthAsync(release, cancellation);

    private async Task SignalAsync(Func<Task> signal)
    {
        ThrowIfDead();
        var director = _world.Director;
        if (director.Takes(IncidentKind.SignalsLost, "") is not null) return;
        if (director.Takes(IncidentKind.SignalsLate, "") is { } late)
        {
            _world.Later(late.Delay, () => Dead ? Task.CompletedTask : signal());
            return;
        }

        await signal();
        if (director.Takes(IncidentKind.SignalsTwice, "") is not null) await signal();
    }

    private void Commit(IncidentKind kind)
    {
        ThrowIfDead();
        _world.Steps++;
        if (_world.Director.Takes(kind, "") is { } crash) Die(crash.For);
    }
}
