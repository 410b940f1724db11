using System.Text.RegularExpressions;
using Slipway.Core.Documents;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning.Canonical;
using Slipway.Core.Planning.Checks;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>The checks that documents list for each phase are those that the workflow looked at before it left the phase, and those of the report.</summary>
public partial class CheckStories
{
    private static readonly string[] NotGates = ["trigger: ", "guardrail: ", "kpi: ", "target: ", "within baseline: ", "no increase: ", "measurement: ", "approval: ", "hook: "];
    private static readonly string[] OwnWords = [CheckNames.Captured, CheckNames.OpenAlerts, CheckNames.Quiet, CheckNames.StageBefore, CheckNames.FlagsReadBack];

    [Theory]
    [InlineData("canary")]
    [InlineData("everything")]
    [InlineData("bands")]
    [InlineData("dark")]
    [InlineData("blue_green")]
    [InlineData("rolling")]
    [InlineData("shadow")]
    [InlineData("approval")]
    [Trait("requirement", "S000-21")]
    public async Task Documents_list_the_checks_that_the_workflow_makes_phase_by_phase(string which)
    {
        await using var world = BandedRequests.World();
        var request = RequestOf(which, world);
        var release = await world.StartAsync(request);
        if (which == "approval")
        {
            await world.RunUntilAsync(release, ReleasePhase.Approving);
            Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Ada)));
        }

        var state = await world.RunToEndAsync(release);
        Assert.True(state.Phase == ReleasePhase.Completed, state.PhaseReason);
        var made = CheckedPhases.Of(state.Plan, await world.LedgerAsync(release));
        var dossier = new ReleaseDossier { Request = state.Request, Plan = state.Plan, Gaps = IntakeGaps.Analyse(state.Request), At = world.Time.GetUtcNow(), State = state };
        var plan = ReleaseDocuments.Render(dossier, DocumentNames.PhasedPlan)!.Text;
        var strategy = ReleaseDocuments.Render(dossier, DocumentNames.DeploymentStrategy)!.Text;
        var report = ReleaseReporter.Report(state, world.Time.GetUtcNow());
        var compared = 0;
        foreach (var phase in CanonicalSequence.Of(state.Plan).Where(phase => phase.RunsAs != StageRunsAs.NotRun))
        {
            var row = Assert.Single(plan.Split('\n'), line => line.StartsWith($"| {phase.Number} {phase.Name} |", StringComparison.Ordinal));
            var listed = Code().Matches(Cells(row)[3]).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ToList();
            Assert.Equal(made[phase.Number].Order(StringComparer.Ordinal), listed);
            var section = strategy[strategy.IndexOf($"#### Stage {phase.Number}: ", StringComparison.Ordinal)..];
            section = section[section.IndexOf("**Success Criteria", StringComparison.Ordinal)..section.IndexOf("**Rollback:**", StringComparison.Ordinal)];
            Assert.Equal(listed, Code().Matches(section).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
            foreach (var check in listed)
            {
                if (check.StartsWith("trigger: ", StringComparison.Ordinal))
                    Assert.Contains(report.Monitoring.Alerts, alert => $"trigger: {alert.Name}" == check);
                else if (check.StartsWith("approval: ", StringComparison.Ordinal))
                    Assert.NotEmpty(report.PreDeployment.Approvals);
                else if (!OwnWords.Contains(check) && !NotGates.Any(prefix => check.StartsWith(prefix, StringComparison.Ordinal)))
                    Assert.Contains(report.PreDeployment.Checks, found => found.Check == check);
                compared++;
            }
        }

        Assert.InRange(compared, 25, 200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("requirement", "S001-55")]
    public async Task An_integration_is_asked_in_every_bake_and_its_outage_holds_promotion_and_takes_nobody_back(bool fallback)
    {
        await using var world = new ReleaseWorld();
        var geo = new Uri("http://127.0.0.1/geo");
        var request = Requests.Canary();
        var asked = new List<DateTimeOffset>();
        var down = false;
        world.Probe.Answer = (url, at) =>
        {
            if (url != geo) return new ProbeResult(200, 20, "", "");
            asked.Add(at);
            return new ProbeResult(down ? 503 : 200, 20, "", "");
        };
        var release = await world.StartAsync(request with
        {
            Stages = [.. request.Stages.Select(stage => stage with { Bake = TimeSpan.FromMinutes(30) })],
            Preflight = request.Preflight with { Dependencies = new DependencySpec { ExternalApis = [new ExternalApiDependency { Name = "geo", Health = geo, Fallback = fallback }] } },
        });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        down = true;
        await world.RunUntilAsync(release, fallback ? ReleasePhase.Baking : ReleasePhase.Paused, fallback ? 1 : 0);
        var state = await world.StateAsync(release);
        Assert.Null(state.Rollback);
        Assert.Equal(new Percentage(fallback ? 25 : 5), state.Exposure);
        var begun = state.Stages[0].StartedAt!.Value;
        Assert.Contains(asked, at => at - begun >= TimeSpan.FromMinutes(5) && at - begun <= TimeSpan.FromMinutes(15));
        var check = ReleaseReporter.Report(state, world.Time.GetUtcNow()).PreDeployment.Checks.Single(found => found.Check == QualityGates.ExternalApi("geo"));
        Assert.Contains("503", check.Details, StringComparison.Ordinal);
        if (!fallback) Assert.Contains("external API: geo does not pass: answered 503", state.PhaseReason, StringComparison.Ordinal);

        // It answers again, and a person goes on: the release ends well.
        down = false;
        if (!fallback) await world.CommandAsync(release, ReleaseCommandKind.Resume);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.All((await world.StateAsync(release)).Stages, stage =>
            Assert.Contains(asked, at => at - stage.StartedAt!.Value >= TimeSpan.FromMinutes(5) && at - stage.StartedAt.Value <= TimeSpan.FromMinutes(15)));
        await Invariants.CheckAsync(world, release);
    }

    private static ReleaseRequest RequestOf(string which, ReleaseWorld world)
    {
        switch (which)
        {
            case "everything":
                world.Service.Kpis["clicks"] = (_, _) => 0.5;
                var full = Requests.ThreeLevels();
                return full with
                {
                    Guardrails = full.Guardrails with { Kpis = [new KpiSpec("clicks", KpiDirection.HigherIsBetter, new Percentage(5))] },
                    Gates = [new HttpGateSpec { Name = "partner", Url = new Uri("http://127.0.0.1/partner"), When = GateTiming.BeforeStage, Stage = new Percentage(25) }, new HttpGateSpec { Name = "app", Url = new Uri("http://127.0.0.1/app"), When = GateTiming.DuringBake }],
                    Preflight = full.Preflight with
                    {
                        StagingTests = new Uri("http://127.0.0.1/staging"),
                        Dependencies = new DependencySpec
                        {
                            Services = [new ServiceDependency { Name = "catalog", Health = new Uri("http://127.0.0.1/catalog") }, new ServiceDependency { Name = "silent" }],
                            Databases = [new DatabaseDependency { Name = "catalog-db" }],
                            ExternalApis = [new ExternalApiDependency { Name = "geo", Health = new Uri("http://127.0.0.1/geo") }],
                        },
                    },
                };
            case "bands":
                world.Service.Measurements["db_pool"] = (_, _) => 60;
                var banded = BandedRequests.Canary();
                return banded with
                {
                    Guardrails = banded.Guardrails with
                    {
                        Measurements = [new MeasurementSpec { Name = "db_pool", Limit = 80, Stages = [new Percentage(50)] }],
                        StageToStage = 1.25m,
                        QuietFor = TimeSpan.FromHours(1),
                    },
                };
            case "dark":
                return BandedRequests.Dark();
            case "blue_green":
                return StrategyRequests.BlueGreen();
            case "rolling":
                world.Service.Regions = StrategyRequests.Rolling().Environments[0].Regions;
                return StrategyRequests.Rolling();
            case "shadow":
                return StrategyRequests.Shadow();
            case "approval":
                return Requests.ApprovedStage();
            default:
                return Requests.Canary();
        }
    }

    private static string[] Cells(string row) => row.Trim().Trim('|').Split(" | ", StringSplitOptions.TrimEntries);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
