using System.Text.Json;
using Slipway.Cli.Demo;
using Slipway.Cli.Demo.Progress;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Tests.Demo;

public sealed class DemoSummaryTests
{
    private static readonly DemoScenario Good = DemoScenario.All[0];
    private static readonly DemoScenario Bad = DemoScenario.All[1];

    [Fact]
    public void Differences_BothAsExpected_AreNone()
    {
        var summary = Summary(Result(Good, Ended(ReleasePhase.Completed), on: true), Result(Bad, RolledBack(), on: false));

        Assert.Empty(summary.Differences);
        Assert.Contains("Both releases ended as they should", summary.ForPeople());
        Assert.Contains("1.20 s from the first breaching poll", summary.ForPeople());
    }

    [Fact]
    public void Differences_BadReleaseCompleted_IsNamed()
    {
        var summary = Summary(Result(Good, Ended(ReleasePhase.Completed), on: true), Result(Bad, Ended(ReleasePhase.Completed), on: true));

        Assert.Equal(2, summary.Differences.Count);
        Assert.Contains("bad: ended completed instead of rolled back", summary.Differences[0]);
        Assert.Contains("the flag search-v3 is still on", summary.Differences[1]);
        Assert.Contains("did NOT end as it should", summary.ForPeople());
    }

    [Fact]
    public void Differences_RolledBackWithoutAVerifiedFlag_IsNamed()
    {
        var view = Ended(ReleasePhase.RolledBack) with { Rollback = Begun };

        Assert.Contains("does not say when the flag was verified off", Assert.Single(Result(Bad, view, on: false).Differences()));
    }

    [Fact]
    public void Differences_NoEnd_IsNamed() =>
        Assert.Contains("did not end; it is baking", Assert.Single(Result(Good, new DemoView { Phase = ReleasePhase.Baking }, on: true).Differences()));

    [Fact]
    public void ForPrograms_Always_IsOneLineOfJson()
    {
        var json = Summary(Result(Good, Ended(ReleasePhase.Completed), on: true), Result(Bad, RolledBack(), on: false)).ForPrograms();

        Assert.DoesNotContain('\n', json);
        using var document = JsonDocument.Parse(json);
        Assert.True(document.RootElement.GetProperty("succeeded").GetBoolean());
        var bad = document.RootElement.GetProperty("releases")[1];
        Assert.Equal("rolled_back", bad.GetProperty("phase").GetString());
        Assert.Equal(1.2, bad.GetProperty("time_to_roll_back_seconds").GetDouble());
    }

    private static RollbackBegun Begun { get; } = new(true, "slipway", "error rate 8 %, limit 2 %", null, Entries.Noon);

    private static DemoView Ended(ReleasePhase phase) => new() { Phase = phase, Ended = new ReleaseEnded(phase, "because", []) };

    private static DemoView RolledBack() => Ended(ReleasePhase.RolledBack) with { Rollback = Begun, VerifiedOffAt = Entries.Noon.AddSeconds(1.2) };

    private static DemoResult Result(DemoScenario scenario, DemoView view, bool on) =>
        new(scenario, view, on ? FlagJson.At(scenario.Feature.Flag, 100) : FlagJson.Off(scenario.Feature.Flag), TimeSpan.FromSeconds(20), []);

    private static DemoSummary Summary(params IReadOnlyList<DemoResult> results) => new(results, "out", TimeSpan.FromSeconds(45), 20_000, 5000);
}
