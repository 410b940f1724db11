using Slipway.Core.Planning.Risk;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Reporting;

public sealed class ReportTablesTests
{
    // z = 0.02 / sqrt(0.05 * 0.95 * 0.002) = 2.0520 and, in Python, 1 - math.erfc(z / math.sqrt(2)) = 0.95982.
    [Theory]
    [Trait("requirement", "S002-81")]
    [InlineData(60, 1000, 40, 1000, 0.95982)]
    [InlineData(40, 1000, 60, 1000, 0.95982)]
    [InlineData(50, 1000, 50, 1000, 0)]
    [InlineData(0, 1000, 0, 1000, 0)]
    [InlineData(1000, 1000, 1000, 1000, 0)]
    [InlineData(0, 0, 5, 1000, 0)]
    [InlineData(5, 1000, 0, 0, 0)]
    [InlineData(500, 1000, 1, 1000, 1)]
    public void Confidence_IsOneMinusPOfTheTwoProportionTest(long errors, long requests, long controlErrors, long controlRequests, double expected) =>
        Assert.Equal(expected, TwoProportionTest.Confidence(errors, requests, controlErrors, controlRequests), 4);

    [Theory]
    [Trait("requirement", "S002-135")]
    [InlineData(0, 0, BlastRadius.Minimal)]
    [InlineData(1, null, BlastRadius.Minimal)]
    [InlineData(1.1, null, BlastRadius.Limited)]
    [InlineData(10, 12000, BlastRadius.Limited)]
    [InlineData(10.1, 12000, BlastRadius.Significant)]
    [InlineData(99.9, 12000, BlastRadius.Significant)]
    [InlineData(100, null, BlastRadius.Global)]
    [InlineData(100, 99, BlastRadius.Minimal)]
    [InlineData(100, 100, BlastRadius.Global)]
    public void BlastRadius_FollowsExposureAndUsers(double percentage, int? users, BlastRadius expected) =>
        Assert.Equal(expected, RiskScales.BlastRadiusOf((decimal)percentage, users));

    [Fact]
    [Trait("requirement", "S002-136")]
    public void RollbackComplexity_FollowsTheLevelsAndMigrations()
    {
        var levels = SampleRequests.Plan().Levels;
        Assert.Equal(RollbackComplexity.Simple, RiskScales.RollbackComplexityOf([levels[0]], false));
        Assert.Equal(RollbackComplexity.Moderate, RiskScales.RollbackComplexityOf([levels[0], levels[1]], false));
        Assert.Equal(RollbackComplexity.Complex, RiskScales.RollbackComplexityOf(levels, false));
        Assert.Equal(RollbackComplexity.Complex, RiskScales.RollbackComplexityOf([levels[0]], true));
    }

    [Fact]
    [Trait("requirement", "S002-137")]
    public void DataRisk_IsNoneOnlyWithoutMigrationAndDataWrite()
    {
        var none = new ReleaseRequest { Release = new ReleaseIdentity { Id = ReleaseId.Parse("a") } };
        Assert.Equal(DataRisk.None, RiskScales.DataRiskOf(none));
        Assert.Equal(DataRisk.Low, RiskScales.DataRiskOf(none with { Changes = new ChangeSpec { Files = [new FileChange("a", FileAction.New, "data_write")] } }));
        Assert.Equal(DataRisk.Medium, RiskScales.DataRiskOf(With(none, new MigrationSpec("up", "down", true))));
        Assert.Equal(DataRisk.High, RiskScales.DataRiskOf(With(none, new MigrationSpec("up", "down", false))));
        Assert.Equal(DataRisk.High, RiskScales.DataRiskOf(With(none, new MigrationSpec("up", "", true))));
    }

    [Fact]
    [Trait("requirement", "S002-138")]
    public void Confidence_FallsWithEachWarningAndFailure()
    {
        Assert.Equal(1, RiskScales.ConfidenceOf(0, 0));
        Assert.All(Enumerable.Range(0, 30), count => Assert.True(RiskScales.ConfidenceOf(count + 1, 0) < RiskScales.ConfidenceOf(count, 0)));
        Assert.True(RiskScales.ConfidenceOf(3, 1) < RiskScales.ConfidenceOf(3, 0));
    }

    [Theory]
    [Trait("requirement", "S002-86")]
    [InlineData(RiskLevel.Low, RolloutVelocity.Fast)]
    [InlineData(RiskLevel.Medium, RolloutVelocity.Normal)]
    [InlineData(RiskLevel.High, RolloutVelocity.Slow)]
    [InlineData(RiskLevel.Critical, RolloutVelocity.Slow)]
    public void Velocity_FollowsTheRisk(RiskLevel risk, RolloutVelocity expected) => Assert.Equal(expected, RiskTables.VelocityOf(risk));

    [Theory]
    [Trait("requirement", "S002-95")]
    [InlineData(new[] { 1.0, 2.0 }, ErrorTrend.Stable)]
    [InlineData(new[] { 1.0, 1.5, 2.0 }, ErrorTrend.Increasing)]
    [InlineData(new[] { 2.0, 1.5, 1.0 }, ErrorTrend.Decreasing)]
    [InlineData(new[] { 9.0, 1.0, 1.01, 1.02 }, ErrorTrend.Stable)]
    [InlineData(new[] { 1.0, 3.0, 2.0 }, ErrorTrend.Stable)]
    public void Trend_NeedsThreeIntervalsInOneDirection(double[] rates, ErrorTrend expected) => Assert.Equal(expected, HealthSection.TrendOf(rates));

    [Theory]
    [Trait("requirement", "S002-94")]
    [InlineData(99.9, AvailabilityStatus.Healthy)]
    [InlineData(99.89, AvailabilityStatus.Warning)]
    [InlineData(99.81, AvailabilityStatus.Warning)]
    [InlineData(99.79, AvailabilityStatus.Critical)]
    [InlineData(null, AvailabilityStatus.Warning)]
    public void Availability_IsComparedWithItsObjective(double? current, AvailabilityStatus expected) =>
        Assert.Equal(expected, HealthSection.AvailabilityOf(current, 99.9));

    [Theory]
    [Trait("requirement", "S002-98")]
    [InlineData(0.97, KpiDirection.HigherIsBetter, KpiImpact.Negative)]
    [InlineData(0.985, KpiDirection.HigherIsBetter, KpiImpact.Neutral)]
    [InlineData(1.03, KpiDirection.HigherIsBetter, KpiImpact.Positive)]
    [InlineData(0.97, KpiDirection.LowerIsBetter, KpiImpact.Positive)]
    [InlineData(1.03, KpiDirection.LowerIsBetter, KpiImpact.Negative)]
    public void Impact_RespectsTheDirection(double value, KpiDirection direction, KpiImpact expected) =>
        Assert.Equal(expected, HealthSection.ImpactOf(value, 1, new KpiSpec("k", direction, new Percentage(2))));

    [Fact]
    public void Threshold_IsSaidInWords()
    {
        Assert.Equal(
            ["above 1 %, at once", "above 250 ms for 10 min", "below 99.9 %, at once"],
            SampleRequests.Plan().Triggers.Select(PlanSection.Threshold));
    }

    private static ReleaseRequest With(ReleaseRequest request, MigrationSpec migration) => request with
    {
        Preflight = new PreflightSpec { Dependencies = new DependencySpec { Databases = [new DatabaseDependency { Name = "db", Migration = migration }] } },
    };
}
