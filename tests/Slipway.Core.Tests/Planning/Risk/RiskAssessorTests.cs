using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Planning.Risk;

public sealed class RiskAssessorTests
{
    private const string NoWayBack = "the database db is migrated without a way back that is safe with data written since";

    [Theory]
    [InlineData("{}", RiskLevel.Low, "")]
    [InlineData("""{"preflight":{"dependencies":{"databases":[{"name":"db"}]}}}""", RiskLevel.Low, "")]
    [InlineData("""{"preflight":{"dependencies":{"databases":[{"name":"db","migration":{"up":"u"}}]}}}""", RiskLevel.High, NoWayBack)]
    [InlineData("""{"preflight":{"dependencies":{"databases":[{"name":"db","migration":{"up":"u","down":"d"}}]}}}""", RiskLevel.High, NoWayBack)]
    [InlineData("""{"preflight":{"dependencies":{"databases":[{"name":"db","migration":{"up":"u","down":"d","down_safe_after_writes":true}}]}}}""", RiskLevel.Medium, "the database db is migrated")]
    [InlineData("""{"preflight":{"dependencies":{"databases":[{"name":"db","migration":{"up":"u","down":"d","down_safe_after_writes":true,"kind":"data"}}]}}}""", RiskLevel.High, "the database db has rows changed by u")]
    [InlineData("""{"preflight":{"dependencies":{"databases":[{"name":"db","migration":{"up":"drop_old","down":"d"}}]}}}""", RiskLevel.Critical, "the database db has something taken away by drop_old, without a way back that is safe with data written since")]
    [InlineData("""{"release":{"change_type":"data_migration"}}""", RiskLevel.Medium, "the change type is data_migration")]
    [InlineData("""{"changes":{"breaking_changes":["x"]}}""", RiskLevel.Medium, "there are breaking changes")]
    [InlineData("""{"changes":{"commits":["feat!: x"]}}""", RiskLevel.Medium, "there are breaking changes")]
    [InlineData("""{"changes":{"files":[{"path":"a.cs","area":"ui"}]}}""", RiskLevel.Low, "")]
    [InlineData("""{"changes":{"files":[{"path":"src/api/a.cs"},{"path":"src/api/b.cs"}]}}""", RiskLevel.Medium, "src/api/a.cs is an interface that users reach and 1 more like it")]
    [InlineData("""{"flags":[{"name":"f","kill_switch":true}],"changes":{"files":[{"path":"a.cs","area":"data_write"}]}}""", RiskLevel.High, "a.cs writes data")]
    [InlineData("""{"deploy":{"hook":"http://h/"},"changes":{"files":[{"path":"a.cs","area":"auth"}]}}""", RiskLevel.High, "a.cs decides who may do what")]
    [InlineData("""{"changes":{"files":[{"path":"a.cs","area":"payment"}]}}""", RiskLevel.Critical, "a.cs moves money, held back by no flag and no deploy hook")]
    [InlineData("""{"flags":[{"name":"f","kill_switch":true}],"changes":{"files":[{"path":"a.cs","area":"security"}]}}""", RiskLevel.Critical, "a.cs is security-critical")]
    [InlineData("""{"release":{"blast_radius":"global"},"flags":[{"name":"f","kill_switch":true}],"changes":{"files":[{"path":"a.cs","area":"payment"}]}}""", RiskLevel.Critical, "a.cs moves money; its blast radius is stated as global")]
    [InlineData("""{"release":{"blast_radius":"global"},"changes":{"files":[{"path":"src/api/a.cs"}]}}""", RiskLevel.Medium, "src/api/a.cs is an interface that users reach")]
    [Trait("requirement", "S002-120")]
    public void Each_row_of_the_table(string json, RiskLevel computed, string reason)
    {
        var assessment = RiskAssessor.Assess(Given.Request(json));

        Assert.Equal(computed, assessment.Computed);
        Assert.Equal(reason, string.Join("; ", assessment.Reasons));
    }

    [Fact]
    [Trait("requirement", "S002-164")]
    [Trait("requirement", "S004-59")]
    public void A_risk_that_is_not_declared_is_named_in_what_is_missing()
    {
        var missing = Assert.Single(IntakeGaps.Analyse(Given.SmallWithout("release.declared_risk")).Insufficient!.Missing);

        Assert.Equal("approvals: an approver group, as release.declared_risk is not stated, which counts as medium", missing);
        Assert.Null(IntakeGaps.Analyse(Given.Request(Given.Small)).Insufficient);
    }

    [Theory]
    [Trait("requirement", "S002-164")]
    [InlineData(null, false, RiskLevel.Medium)]
    [InlineData(RiskLevel.Low, false, RiskLevel.Low)]
    [InlineData(RiskLevel.Low, true, RiskLevel.High)]
    [InlineData(RiskLevel.Medium, true, RiskLevel.High)]
    [InlineData(RiskLevel.Critical, true, RiskLevel.Critical)]
    public void The_declared_risk_is_raised_and_never_lowered(RiskLevel? declared, bool hardWayBack, RiskLevel counting)
    {
        var request = hardWayBack
            ? Given.Request("""{"preflight":{"dependencies":{"databases":[{"name":"db","migration":{"up":"u"}}]}}}""")
            : Given.Request("{}");
        request = request with { Release = request.Release with { DeclaredRisk = declared } };

        Assert.Equal(counting, RiskAssessor.Assess(request).Counting);
        Assert.Equal(counting, Planner.Draft(request).Risk);
        Assert.Equal(counting, RiskProfile.Of(request, Planner.Draft(request)).DeploymentRisk.Value);
        Assert.Equal(declared is null, IntakeGaps.Analyse(request).Gaps.Any(gap => gap.Path == "release.declared_risk"));
    }

    [Theory]
    [Trait("requirement", "X29")]
    [Trait("requirement", "S002-134")]
    [InlineData(ChangeRisk.Zero, false, false, false, RiskLevel.Low)]
    [InlineData(ChangeRisk.Zero, true, true, true, RiskLevel.Low)]
    [InlineData(ChangeRisk.Low, false, false, false, RiskLevel.Low)]
    [InlineData(ChangeRisk.Low, true, true, true, RiskLevel.Low)]
    [InlineData(ChangeRisk.Medium, false, false, false, RiskLevel.Medium)]
    [InlineData(ChangeRisk.Medium, true, true, true, RiskLevel.Medium)]
    [InlineData(ChangeRisk.High, false, false, false, RiskLevel.High)]
    [InlineData(ChangeRisk.High, true, false, false, RiskLevel.Critical)]
    [InlineData(ChangeRisk.High, false, true, false, RiskLevel.Critical)]
    [InlineData(ChangeRisk.High, false, false, true, RiskLevel.Critical)]
    public void The_category_becomes_the_risk_and_high_becomes_critical_with_any_aggravation(ChangeRisk category, bool irreversible, bool global, bool security, RiskLevel expected) =>
        Assert.Equal(expected, RiskScales.DeploymentRiskOf(category, irreversible, global, security));

    [Theory]
    [Trait("requirement", "X30")]
    [InlineData("ALTER TABLE users ADD COLUMN nick text NULL", null, true, MigrationKind.Additive, ChangeRisk.Medium, false)]
    [InlineData("20261101_add_stream", null, true, MigrationKind.Additive, ChangeRisk.Medium, false)]
    [InlineData("add_updated_at", null, true, MigrationKind.Additive, ChangeRisk.Medium, false)]
    [InlineData("20261101_add_stream", null, false, MigrationKind.Additive, ChangeRisk.High, false)]
    [InlineData("UPDATE users SET nick = name", null, true, MigrationKind.Data, ChangeRisk.High, false)]
    [InlineData("20261101_backfill_nick", null, true, MigrationKind.Data, ChangeRisk.High, false)]
    [InlineData("ALTER TABLE users DROP COLUMN nick", null, true, MigrationKind.Destructive, ChangeRisk.High, false)]
    [InlineData("rename_users", null, true, MigrationKind.Destructive, ChangeRisk.High, false)]
    [InlineData("UPDATE users SET nick = name", null, false, MigrationKind.Data, ChangeRisk.High, true)]
    [InlineData("drop_nick", null, false, MigrationKind.Destructive, ChangeRisk.High, true)]
    [InlineData("0042", MigrationKind.Destructive, true, MigrationKind.Destructive, ChangeRisk.High, false)]
    [InlineData("add_update_trigger", MigrationKind.Additive, true, MigrationKind.Additive, ChangeRisk.Medium, false)]
    public void A_migration_is_medium_where_it_is_additive_and_reversible_and_else_high(string up, MigrationKind? stated, bool safe, MigrationKind kind, ChangeRisk risk, bool irreversible)
    {
        var judged = MigrationRisk.Of(new MigrationSpec(up, "back", safe) { Kind = stated });

        Assert.Equal((kind, risk, irreversible), (judged.Kind, judged.Risk, judged.Irreversible));
    }

    [Fact]
    public void The_profile_gives_each_part_with_reasons_and_what_is_stated_raises_but_never_lowers()
    {
        var request = Given.Request(Given.Small);
        var plain = RiskProfile.Of(request, Planner.Draft(request));
        var wide = Stated(request, BlastRadius.Global, RollbackComplexity.Complex);
        var narrow = Stated(request, BlastRadius.Minimal, RollbackComplexity.Simple);

        Assert.Equal((BlastRadius.Limited, RollbackComplexity.Simple, DataRisk.None), (plain.BlastRadius.Value, plain.RollbackComplexity.Value, plain.DataRisk.Value));
        Assert.Equal(["the first exposing stage reaches 10 %"], plain.BlastRadius.Reasons);
        Assert.Equal((BlastRadius.Global, RollbackComplexity.Complex), (wide.BlastRadius.Value, wide.RollbackComplexity.Value));
        Assert.Equal("stated", wide.BlastRadius.Reasons[0]);
        Assert.Equal((BlastRadius.Limited, RollbackComplexity.Simple), (narrow.BlastRadius.Value, narrow.RollbackComplexity.Value));
        Assert.All(
            [plain.Category.Reasons, plain.DeploymentRisk.Reasons, plain.BlastRadius.Reasons, plain.RollbackComplexity.Reasons, plain.DataRisk.Reasons, plain.Confidence.Reasons, plain.Complexity.Reasons],
            Assert.NotEmpty);

        static RiskProfile Stated(ReleaseRequest request, BlastRadius radius, RollbackComplexity complexity)
        {
            var stated = request with { Release = request.Release with { BlastRadius = radius, RollbackComplexity = complexity } };
            return RiskProfile.Of(stated, Planner.Draft(stated));
        }
    }

    [Fact]
    public void What_is_kept_of_a_request_or_plan_is_given_for_that_very_one_alone()
    {
        var request = Given.Request(Given.Small);
        var (plan, other) = (Planner.Draft(request), request with { Release = request.Release with { BlastRadius = BlastRadius.Global } });

        Assert.Same(RiskProfile.Of(request, plan), RiskProfile.Of(request, plan));
        Assert.Equal("stated", RiskProfile.Of(other, plan).BlastRadius.Reasons[0]);
        Assert.NotEqual("stated", RiskProfile.Of(request, plan).BlastRadius.Reasons[0]);
        Assert.NotEqual(RiskProfile.Of(request, plan).BlastRadius.Value, RiskProfile.Of(other, Planner.Draft(other)).BlastRadius.Value);

        var unnamed = request with { Environments = [] };
        Assert.Same(IntakeGaps.Analyse(request), IntakeGaps.Analyse(request));
        Assert.NotEqual(IntakeGaps.Analyse(request).Gaps.Count, IntakeGaps.Analyse(unnamed).Gaps.Count);
        Assert.Equal(IntakeProfile.Strict, IntakeGaps.Analyse(request, IntakeProfile.Strict).Profile);
    }

    [Fact]
    [Trait("requirement", "S002-138")]
    public void Confidence_falls_with_each_gap_and_more_with_one_that_blocks()
    {
        var request = Given.Request(Given.Small);
        var answered = request with { Release = request.Release with { BlastRadius = BlastRadius.Limited } };
        var blocked = request with { Telemetry = null };

        Assert.Equal(Of(answered) * 0.99, Of(request), 12);
        Assert.Equal(Of(request) * 0.6, Of(blocked), 12);

        static double Of(ReleaseRequest request) => RiskProfile.Of(request, Planner.Draft(request)).Confidence.Value;
    }

    [Theory]
    [InlineData("{}", 1)]
    [InlineData("""{"changes":{"complexity":9}}""", 9)]
    [InlineData("""{"changes":{"files":[{"path":"src/api/a.cs"}]}}""", 2)]
    [InlineData("""{"changes":{"files":[{"path":"src/auth/a.cs"}]},"preflight":{"dependencies":{"databases":[{"name":"a","migration":{"up":"u"}}],"services":[{"name":"b"},{"name":"c"}]}}}""", 5)]
    public void Complexity_is_as_stated_or_computed_and_said_to_be(string json, int expected)
    {
        var complexity = RiskAssessor.Assess(Given.Request(json)).Complexity;

        Assert.Equal(expected, complexity.Value);
        Assert.StartsWith(json.Contains("complexity", StringComparison.Ordinal) ? "stated" : "computed", Assert.Single(complexity.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S004-05")]
    public void No_plan_is_made_without_an_assessment() =>
        Assert.Throws<ArgumentNullException>("assessment", () => Planner.Draft(Given.Request(Given.Small), null!));

    [Theory]
    [Trait("requirement", "S001-18")]
    [Trait("requirement", "S001-20")]
    [Trait("requirement", "S004-37")]
    [Trait("requirement", "S004-60")]
    [InlineData("release.blast_radius", """{ "release": { "blast_radius": "minimal" } }""")]
    [InlineData("release.rollback_complexity", """{ "release": { "rollback_complexity": "simple" } }""")]
    [InlineData("release.known_risks", """{ "release": { "known_risks": "none" } }""")]
    [InlineData("release.known_risks", """{ "release": { "known_risks": [] } }""")]
    [InlineData("release.known_risks", """{ "release": { "known_risks": ["slow"] } }""")]
    [InlineData("release.declared_risk", """{ "release": { "declared_risk": "low" } }""")]
    [InlineData("changes.complexity", """{ "changes": { "complexity": 1 } }""")]
    [InlineData("changes.files", """{ "changes": { "files": [{ "path": "a.cs", "action": "deleted" }] } }""")]
    [InlineData("tolerance", """{ "tolerance": { "canary": "5%" } }""")]
    public void What_is_not_said_about_the_risk_is_a_gap_and_any_answer_closes_it(string path, string json)
    {
        Assert.Single(IntakeGaps.Analyse(Given.Request("{}")).Gaps, gap => gap.Path == path);
        Assert.DoesNotContain(IntakeGaps.Analyse(Given.Request(json)).Gaps, gap => gap.Path == path);
    }

    [Theory]
    [InlineData("""{ "release": { "blast_radius": "galactic" } }""", "release.blast_radius")]
    [InlineData("""{ "release": { "rollback_complexity": "hard" } }""", "release.rollback_complexity")]
    [InlineData("""{ "release": { "known_risks": "some" } }""", "release.known_risks")]
    [InlineData("""{ "changes": { "complexity": 0 } }""", "changes.complexity")]
    [InlineData("""{ "changes": { "complexity": 11 } }""", "changes.complexity")]
    [InlineData("""{ "changes": { "files": [{ "path": "a", "action": "moved" }] } }""", "changes.files[0].action")]
    [InlineData("""{ "changes": { "files": [{ "path": "a", "behind_flag": "yes" }] } }""", "changes.files[0].behind_flag")]
    [InlineData("""{ "preflight": { "dependencies": { "databases": [{ "name": "a", "migration": { "up": "b", "kind": "safe" } }] } } }""", "preflight.dependencies.databases[0].migration.kind")]
    public void A_wrong_answer_is_told_where_it_is(string json, string path) =>
        Assert.Contains(ReleaseRequestReader.Read(JsonRequestDocument.Parse(json)).Problems, problem => problem.Path == path);
}
