using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Rehearsal.Traffic;
using Slipway.Rehearsal.World;

namespace Slipway.Rehearsal.Tests.World;

public class RehearsalWorldTests
{
    [Fact]
    public async Task A_healthy_release_reaches_everybody()
    {
        var (state, world) = await RunAsync(Subjects.Canary());

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(1, world.Fleet.Peak);
        Assert.True(LedgerChain.Verify(world.Entries).Ok);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_ledger_to_the_last_hash_and_another_seed_another()
    {
        var script = new ScenarioScript { Stage = 0, Defect = new Defect { Errors = 5 } };
        var (first, _) = await RunAsync(Subjects.Canary(), script, 7);
        var (second, _) = await RunAsync(Subjects.Canary(), script, 7);
        var (other, _) = await RunAsync(Subjects.Canary(), script, 8);

        Assert.Equal(first.HeadHash, second.HeadHash);
        Assert.NotEqual(first.HeadHash, other.HeadHash);
    }

    [Fact]
    public async Task A_defect_is_found_at_the_stage_that_exposes_it_and_nobody_keeps_the_new_version()
    {
        var (state, world) = await RunAsync(Subjects.Canary(), new ScenarioScript { Stage = 1, Defect = new Defect { Errors = 10 } });

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(0.5, world.Fleet.Peak);
        Assert.False(world.Fleet.IsExposed);
        Assert.All(await world.FlagsAsync(), flag => Assert.Equal(Percentage.Zero, flag.Exposure));
    }

    [Fact]
    public async Task A_process_that_dies_after_every_commit_changes_nothing_but_the_time_that_it_takes()
    {
        var (steady, _) = await RunAsync(Subjects.Canary(), new ScenarioScript { Stage = 0, Defect = new Defect { Errors = 10 } });
        var (dying, world) = await RunAsync(Subjects.Canary(), new ScenarioScript { Stage = 0, Defect = new Defect { Errors = 10 }, Dies = true });

        Assert.True(world.Deaths > 50, $"died {world.Deaths} times");
        Assert.Equal((steady.Phase, steady.EndedAt), (dying.Phase, dying.EndedAt));
    }

    [Theory]
    [InlineData(ApproverTemper.Approves, ReleasePhase.Completed)]
    [InlineData(ApproverTemper.Rejects, ReleasePhase.RolledBack)]
    [InlineData(ApproverTemper.Silent, ReleasePhase.RolledBack)]
    public async Task Approvers_decide_by_their_mail_or_do_not(ApproverTemper temper, ReleasePhase phase)
    {
        var (state, _) = await RunAsync(Subjects.ApprovedStage(), new ScenarioScript { Stage = 0, Approvers = temper });

        Assert.Equal(phase, state.Phase);
    }

    [Fact]
    public async Task Telemetry_read_twice_is_the_same_twice()
    {
        var (_, world) = await RunAsync(Subjects.Canary(), new ScenarioScript { Stage = 0, Defect = new Defect { Latency = 2 } });
        var watch = Subjects.Of(Subjects.Canary()).Plan.Watch;
        var from = world.Began.AddMinutes(3);

        var whole = await world.Fleet.ReadAsync(watch, from, from.AddMinutes(4), default);
        var parts = (await world.Fleet.ReadAsync(watch, from, from.AddMinutes(2), default)).Concat(await world.Fleet.ReadAsync(watch, from.AddMinutes(2), from.AddMinutes(4), default));

        Assert.Equal(whole.Select(Facts), parts.Select(Facts));

        static object Facts(Core.Analysis.Observation row) => (row.Start, row.Region, row.Canary?.Requests, row.Canary?.Errors, row.Canary?.Latency, row.Control?.Requests, row.Control?.Errors, row.Control?.Latency);
    }

    private static async Task<(ReleaseState State, RehearsalWorld World)> RunAsync(ReleaseRequest request, ScenarioScript? script = null, ulong seed = 1)
    {
        var world = new RehearsalWorld(Subjects.Of(request), script ?? new ScenarioScript { Stage = 0 }, seed);
        Assert.Null(await world.RunAsync(default));
        return (ReleaseState.Fold(world.Entries), world);
    }
}
