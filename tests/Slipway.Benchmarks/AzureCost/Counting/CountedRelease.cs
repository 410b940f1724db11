using Slipway.Core.Analysis.Judging;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Embedded.Configuration;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Freezes;
using Slipway.Embedded.Locks;
using Slipway.Embedded.Releases;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Rehearsal.Outside;
using Slipway.Rehearsal.Randomness;
using Slipway.Rehearsal.Traffic;
using Slipway.Rehearsal.World;
using Slipway.Web.Messages;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Benchmarks.AzureCost.Counting;

/// <summary>
/// A healthy release from its start until eight days after its end, when people have looked at it a last time, in virtual time, over ports and an engine's store that count: the same workflow,
/// judge, journal and sweeper as on Azure, in front of simulated users. Nothing in it depends on the machine, so that two runs count the same.
/// </summary>
internal static class CountedRelease
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Its last look is a week after the end. From then on a day costs a mail, until somebody ticks off what is left to people.</summary>
    private static readonly TimeSpan Aftercare = TimeSpan.FromDays(8);

    /// <summary>Runs one; throws <see cref="InvalidOperationException"/> when it does not complete, since then something else is counted than what was
    /// meant.</summary>
    /// <param name="subject">The release.</param>
    public static async Task<CountedRun> RunAsync(RehearsalSubject subject)
    {
        var tally = new Tally();
        var time = new VirtualTimeProvider(subject.StartedAt);
        await using var database = SlipwayDatabase.OpenInMemory();
        var fleet = new SimulatedFleet(subject.Plan, subject.Profile, RandomStream.KeyOf(subject.ContentHash), time);
        var store = new SqliteFlagStore(database, time);
        using var subscription = store.Subscribe(fleet.Changed);
        foreach (var flag in subject.Plan.Flags) await store.CreateAsync(flag.Key, "", default);

        var flags = new CountingFlags(store, tally);
        var ledger = new CountingLedger(new MemoryLedger(static (_, _) => { }), tally);
        var published = new MemorySnapshots();
        var snapshots = new CountingSnapshots(published, tally);
        var freezes = new CountingFreezes(new SqliteFreezes(database), tally);
        var locks = new CountingLocks(new SqliteLocks(database, time), tally);
        var metrics = new CountingMetrics(fleet, tally, time);
        var journal = new ReleaseJournal(ledger, snapshots);
        var registry = new WorkflowRegistry();
        EmbeddedEngine? made = null;
        var client = new CountingClient(() => new EmbeddedReleaseClient(made!), tally);
        ReleaseModule.Register(registry, new ReleasePorts
        {
            Flags = flags,
            Configuration = new CountingKeys(new SqliteConfigurationStore(database), tally),
            Metrics = metrics,
            Probe = new CountingProbe(new SimulatedProbe(subject.Request, time, static () => false), tally),
            Hook = new CountingHook(new SimulatedPipeline(fleet.Route), tally),
            Mailer = new CountingMailer(new SimulatedMail(static _ => { }), tally),
            Webhook = new CountingWebhook(new SimulatedWebhooks(), tally),
            Composer = new MessageComposer(),
            Ledger = ledger,
            Locks = locks,
            Time = time,
            Freezes = freezes,
            Snapshots = snapshots,
        }, journal, new EvidenceJudge());
        ReleaseModule.RegisterStarts(registry, client);
        await using var engine = made = new EmbeddedEngine(new CountingEngineStore(new MemoryEngineStore(), tally), registry, time);
        var desk = new ReleaseDesk(journal, snapshots, client, flags, time, new ReleaseDeskOptions
        {
            BaseUrl = "https://slipway.example.com",
            Policy = new ServerPolicy(),
            Telemetry = subject.Plan.Watch.Source,
            Workspace = subject.Plan.Watch.Workspace,
        });
        if (await desk.StartAsync(subject.Request, "dana@example.com", default) is var outcome && outcome is not StartOutcome.Started)
            throw new InvalidOperationException($"It could not be started: {outcome}");

        var sweeper = new ReleaseSweeper(journal, snapshots, freezes, new LockDesk(locks, journal, client, time), client, time);
        var end = await SweepToTheEndAsync(engine, time, sweeper, () => published.GetAsync(subject.Request.Release.Id, default), tally);
        await engine.RunVirtualAsync(end + Aftercare);
        return new CountedRun(tally, (end - subject.StartedAt).TotalHours, subject.Plan.Watch.Interval, metrics.AskedAt);
    }

    /// <summary>The sweeper looks at it once a minute, as on Azure, until it is over.</summary>
    private static async Task<DateTimeOffset> SweepToTheEndAsync(
        EmbeddedEngine engine, VirtualTimeProvider time, ReleaseSweeper sweeper, Func<Task<ReleaseSnapshot?>> look, Tally tally)
    {
        for (var limit = time.GetUtcNow() + Longest; time.GetUtcNow() < limit;)
        {
            await engine.RunVirtualAsync(time.GetUtcNow() + ReleaseSweeper.Period);
            tally.Add("sweeps");
            if ((await sweeper.SweepAsync(default)).Count > 0) throw new InvalidOperationException($"The sweeper repaired something at {time.GetUtcNow():O}, where nothing is lost.");
            switch ((await look())?.Summary)
            {
                case { Phase: ReleasePhase.Completed } over:
                    return over.UpdatedAt;
                case { Phase: ReleasePhase.RolledBack or ReleasePhase.Failed } other:
                    throw new InvalidOperationException($"It ended {other.Phase}: {other.Why}");
                default:
                    continue;
            }
        }

        throw new InvalidOperationException("It did not end.");
    }
}

/// <summary>What a run counted.</summary>
/// <param name="Tally">The counts.</param>
/// <param name="Hours">From its start to its end, without aftercare.</param>
/// <param name="Interval">How often it is looked at.</param>
/// <param name="AskedAt">When telemetry was asked for observations.</param>
internal sealed record CountedRun(Tally Tally, double Hours, TimeSpan Interval, IReadOnlyList<DateTimeOffset> AskedAt);
