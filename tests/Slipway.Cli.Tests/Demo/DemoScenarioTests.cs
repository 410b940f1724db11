using System.Text;
using Slipway.Cli.Demo;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Cli.Tests.Demo;

public sealed class DemoScenarioTests
{
    private static readonly Uri Storefront = new("http://127.0.0.1:4711/");

    public static TheoryData<string> Names { get; } = [.. DemoScenario.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Request_AsShipped_IsAsAUserWouldWriteIt(string name)
    {
        var scenario = DemoScenario.All.Single(scenario => scenario.Name == name);

        var document = RequestFile.Parse(Encoding.UTF8.GetBytes(scenario.Request(Storefront)), "release.yaml");
        Assert.Empty(document.Problems);
        var reading = ReleaseRequestReader.Read(document.Root!);
        Assert.Empty(reading.Problems);
        var request = reading.Request!;
        Assert.Null(IntakeGaps.Analyse(request).Insufficient);
        var plan = Planner.Plan(request).Plan!;
        Assert.Empty(SupportedFeatures.Check(request, plan));
        Assert.Empty(PolicyCheck.Check(request, plan, ServerPolicy.Default));

        Assert.Equal(scenario.Id, request.Release.Id);
        Assert.Equal(scenario.Feature.Flag, Assert.Single(plan.Flags).Name);
        Assert.Equal(scenario.Feature.Flag, plan.Watch.Service);
        Assert.Equal(RiskLevel.Low, plan.Risk);
        Assert.Equal([5m, 25m, 50m, 100m], plan.Stages.Select(stage => stage.Percentage.Value));
        Assert.All(request.Preflight.Smoke, smoke => Assert.Equal(Storefront.Port, smoke.Url.Port));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Request_Window_IsOpenOnAnyDay(string name)
    {
        var scenario = DemoScenario.All.Single(scenario => scenario.Name == name);
        var request = ReleaseRequestReader.Read(RequestFile.Parse(scenario.Request(Storefront)).Root!).Request!;
        var schedule = WindowSchedule.Of(request, Planner.Draft(request, calendarRules: false));

        Assert.All(Enumerable.Range(0, 400), hours => Assert.True(schedule.IsOpen(Entries.Noon.AddHours(hours * 23))));
    }

    [Fact]
    public void All_Expectations_AreOneEach() =>
        Assert.Equal([ReleasePhase.Completed, ReleasePhase.RolledBack], DemoScenario.All.Select(scenario => scenario.Expected));
}
