using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>The course of a release: what comes before what, and what is looked at in every stage.</summary>
public class CourseStories
{
    private static readonly string[] BeforeTheStart =
    [
        .. QualityGates.Seven, QualityGates.ArtifactSignature, QualityGates.ArtifactSbom, QualityGates.Baseline,
        "smoke: search", "service: catalog", "database: catalog-db", "external API: geo",
    ];

    [Fact]
    [Trait("requirement", "S002-02")]
    [Trait("requirement", "S002-03")]
    [Trait("requirement", "S002-05")]
    [Trait("requirement", "S002-11")]
    [Trait("requirement", "S002-28")]
    [Trait("requirement", "S002-29")]
    [Trait("requirement", "S002-30")]
    [Trait("requirement", "S002-38")]
    [Trait("requirement", "S002-40")]
    [Trait("requirement", "S004-216")]
    [Trait("requirement", "S004-219")]
    public async Task Checks_come_before_the_captured_state_that_before_a_subset_and_each_increase_after_the_analysis_of_the_stage_before()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Everything());
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        var entries = (await world.LedgerAsync(release)).Select(entry => (entry.At, entry.Sequence, Body: entry.Read())).ToList();

        // 1 and 2: every check has its result, then the flag is read as off and the key's value is kept; only then is anything written.
        var captured = entries.Single(entry => entry.Body is StateCaptured);
        Assert.All(BeforeTheStart, name => Assert.Contains(entries, entry => entry.Sequence < captured.Sequence && entry.Body is GateChecked gate && gate.Gate == name));
        Assert.Equal(Percentage.Zero, Assert.Single(((StateCaptured)captured.Body).Flags).Exposure);
        Assert.Equal(new ConfigurationValue("search:index:mode", "batch", ((StateCaptured)captured.Body).Keys[0].ETag), ((StateCaptured)captured.Body).Keys[0]);
        var raised = (await world.Flags.RevisionsAsync(Requests.Flag, default)).Where(revision => revision.State.Exposure > Percentage.Zero).ToList();
        Assert.All(raised, revision => Assert.True(revision.At >= captured.At));

        // 3, 4 and 7: one write a stage, read back; the next only after the stage before was judged and passed.
        Assert.Equal([5m, 25m, 50m, 100m], raised.Select(revision => revision.State.Exposure.Value));
        foreach (var (stage, revision) in raised.Index())
        {
            var started = entries.Single(entry => entry.Body is StageStarted begun && begun.Stage == stage);
            Assert.Contains(entries, entry => entry.Sequence < started.Sequence && entry.At >= revision.At && entry.Body is EffectFinished { Outcome: EffectOutcome.Done, Flag: { } read } && read.ETag == revision.State.ETag);
            var ended = Assert.Single(entries, entry => entry.Body is StageEnded over && over.Stage == stage);
            Assert.True(ended.Body is StageEnded { Verdict: Verdict.Pass, Promoted: true });
            Assert.True(stage == 3 || ended.At <= raised[stage + 1].At);

            // 5 and 6: both arms were compared in the stage itself.
            Assert.Contains(entries, entry => entry.Sequence > started.Sequence && entry.Sequence < ended.Sequence && entry.Body is IntervalJudged judged && judged.Stage == stage && judged.Observations.Any(row => row.Canary is { Requests: > 0 }));
        }
    }

    [Fact]
    [Trait("requirement", "S002-07")]
    [Trait("requirement", "S002-32")]
    [Trait("requirement", "S004-162")]
    [Trait("requirement", "S001-47")]
    [Trait("requirement", "S001-51")]
    [Trait("requirement", "S001-52")]
    [Trait("requirement", "S001-53")]
    [Trait("requirement", "S001-56")]
    [Trait("requirement", "S001-58")]
    public async Task Every_stage_is_read_back_at_once_and_judged_minute_by_minute_to_its_end()
    {
        await using var world = new ReleaseWorld();
        world.Service.Kpis["clicks"] = (_, _) => 0.4;
        var release = await world.StartAsync(HalfHours());
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        var entries = (await world.LedgerAsync(release)).Select(entry => (entry.At, Body: entry.Read())).ToList();
        var judged = entries.Select(entry => entry.Body).OfType<IntervalJudged>().ToList();
        foreach (var stage in Enumerable.Range(0, 4))
        {
            var shift = entries.First(entry => entry.Body is PhaseEntered { Phase: ReleasePhase.Shifting } entered && entered.Stage == stage).At;
            var started = entries.Single(entry => entry.Body is StageStarted begun && begun.Stage == stage).At;
            Assert.True(started - shift <= TimeSpan.FromMinutes(2));
            var end = entries.Single(entry => entry.Body is StageEnded over && over.Stage == stage).At;
            Assert.True(end - started >= TimeSpan.FromMinutes(30));

            // From two minutes on there is no minute without errors, latency and the business metric of both arms, until the last that can be in.
            for (var at = started.AddMinutes(2); at < end - TimeSpan.FromMinutes(5); at = at.AddMinutes(1))
            {
                var row = Assert.Single(judged.SelectMany(interval => interval.Observations), row => row.Start <= at && at < row.End);
                foreach (var arm in stage == 3 ? new[] { row.Canary } : [row.Canary, row.Control])
                    Assert.True(arm is { Requests: > 0 } && arm.Latency.Total == arm.Requests && arm.Kpis["clicks"].Count == arm.Requests);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(20)]
    [Trait("requirement", "S001-59")]
    [Trait("requirement", "S001-51")]
    [Trait("requirement", "S001-53")]
    [Trait("requirement", "S001-56")]
    public async Task What_goes_bad_in_any_part_of_a_stage_keeps_the_next_stage_from_coming(int minutes)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(HalfHours());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var bad = (await world.StateAsync(release)).Stages[1].StartedAt!.Value.AddMinutes(minutes);
        world.Service.ErrorRate = (canary, at) => canary && at >= bad ? 0.08 : 0.002;
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, new Percentage(25)), (state.Phase, state.PeakExposure));
        Assert.InRange(state.Rollback!.BegunAt - bad, TimeSpan.Zero, TimeSpan.FromMinutes(7));
    }

    [Fact]
    [Trait("requirement", "S001-49")]
    [Trait("requirement", "S001-50")]
    public async Task The_health_of_the_application_is_asked_from_the_first_minutes_of_every_stage_and_stops_it()
    {
        await using var world = new ReleaseWorld();
        var health = new Uri("http://127.0.0.1/app");
        var (asked, status) = (new List<DateTimeOffset>(), 200);
        world.Probe.Answer = (url, at) =>
        {
            if (url != health) return new ProbeResult(200, 20, "", "");
            asked.Add(at);
            return new ProbeResult(status, 20, "", "");
        };
        var release = await world.StartAsync(HalfHours() with { Gates = [new HttpGateSpec { Name = "app", Url = health, When = GateTiming.DuringBake }] });
        foreach (var stage in new[] { 0, 1 })
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
            var started = (await world.StateAsync(release)).Stages[stage].StartedAt!.Value;
            await world.RunUntilAsync(started - ReleaseWorld.Epoch + TimeSpan.FromMinutes(6));
            Assert.Contains(asked, at => at - started <= TimeSpan.FromMinutes(2));
            Assert.Contains(asked, at => at - started > TimeSpan.FromMinutes(2) && at - started <= TimeSpan.FromMinutes(5));
        }

        status = 503;
        var state = await world.RunToEndAsync(release);
        Assert.Equal((ReleasePhase.RolledBack, new Percentage(25)), (state.Phase, state.PeakExposure));
    }

    [Fact]
    [Trait("requirement", "S004-188")]
    public async Task A_day_at_100_percent_is_watched_and_a_breach_in_its_twentieth_hour_rolls_back()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Stages = [.. request.Stages.Take(3), request.Stages[3] with { Bake = TimeSpan.FromHours(24) }] });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromHours(20));
        var bad = world.Time.GetUtcNow();
        Assert.Equal(ReleasePhase.Baking, (await world.StateAsync(release)).Phase);
        world.Service.ErrorRate = (canary, at) => canary && at >= bad ? 0.08 : 0.002;
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, true), (state.Phase, state.Rollback!.Automated));
        Assert.InRange(state.Rollback.BegunAt - bad, TimeSpan.Zero, TimeSpan.FromMinutes(7));
        Assert.Equal(1, state.Rollback.Levels[^1].Result.Level);
    }

    /// <summary>A canary with one of each kind of dependency, and a key for level 2.</summary>
    private static ReleaseRequest Everything()
    {
        var request = Requests.ThreeLevels();
        return request with
        {
            Preflight = request.Preflight with
            {
                Dependencies = new DependencySpec
                {
                    Services = [new ServiceDependency { Name = "catalog", Health = new Uri("http://127.0.0.1/catalog") }],
                    Databases = [new DatabaseDependency { Name = "catalog-db" }],
                    ExternalApis = [new ExternalApiDependency { Name = "geo", Health = new Uri("http://127.0.0.1/geo") }],
                },
            },
        };
    }

    /// <summary>The standard canary with half an hour a stage and a business metric.</summary>
    private static ReleaseRequest HalfHours()
    {
        var request = Requests.Canary();
        return request with
        {
            Stages = [.. request.Stages.Select(stage => stage with { Bake = TimeSpan.FromMinutes(30) })],
            Guardrails = request.Guardrails with { Kpis = [new KpiSpec("clicks", KpiDirection.HigherIsBetter, new Percentage(5))] },
        };
    }
}
