using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;

namespace Slipway.Core.Tests.Strategies;

public sealed class WayBackTests
{
    private static readonly HookStep Deploy = new(DeployAction.Deploy, "2", HookStep.AllRegions, Percentage.Zero);
    private static readonly HookStep Shift = new(DeployAction.Shift, "2", HookStep.AllRegions, new Percentage(10));
    private static readonly HookStep Swap = new(DeployAction.Swap, "2", HookStep.AllRegions, Percentage.Full);
    private static readonly HookStep Shadow = new(DeployAction.ShadowStart, "2", HookStep.AllRegions, Percentage.Zero);

    [Fact]
    public void Nothing_begun_needs_no_way_back() => Assert.Empty(WayBack.OfTraffic([]));

    [Fact]
    public void The_swap_is_undone_first_then_the_share_and_a_step_without_an_answer_counts() => Assert.Equal(
        ["swap back from 2", "shift 0 % of users to 2"],
        WayBack.OfTraffic([Fact(Deploy), Fact(Shift), Fact(Swap, null)]).Select(step => step.Sentence));

    [Theory]
    [InlineData(EffectOutcome.Done, 0)]
    [InlineData(EffectOutcome.TimedOut, 1)]
    public void A_shadow_is_stopped_unless_it_certainly_was(EffectOutcome stop, int steps) => Assert.Equal(
        steps, WayBack.OfTraffic([Fact(Deploy), Fact(Shadow), Fact(Shadow with { Action = DeployAction.ShadowStop }, stop)]).Count);

    [Fact]
    public void Regions_go_back_the_last_one_first_and_code_without_regions_everywhere()
    {
        HookStepFact[] regions = [.. new[] { "a", "b", "c" }.Select(region => Fact(Deploy with { Region = region, Percentage = Percentage.Full }))];

        Assert.Equal(["c", "b", "a"], WayBack.OfCode(regions, "1").Select(step => step.Region));
        Assert.All(WayBack.OfCode(regions, "1"), step => Assert.Equal((DeployAction.Rollback, "1"), (step.Action, step.Version)));
        Assert.Equal(HookStep.AllRegions, Assert.Single(WayBack.OfCode([Fact(Deploy)], "1")).Region);
        Assert.Equal(3, WayBack.OfExposure(regions, "1").Count);
        Assert.Empty(WayBack.OfExposure([Fact(Deploy)], "1"));
    }

    [Fact]
    public void With_the_previous_version_back_everywhere_no_share_is_left_but_a_shadow_is()
    {
        var steps = WayBack.OfTraffic([Fact(Shift), Fact(Swap), Fact(Shadow)]);

        Assert.Equal(["stop the shadow of 2"], WayBack.Left(steps, new HashSet<string> { "rollback" }).Select(step => step.Sentence));
        Assert.Equal(["shift", "shadow_stop"], WayBack.Left(steps, new HashSet<string> { "swap" }).Select(step => step.Id));
    }

    [Fact]
    public void Keys_are_stable_for_each_step_and_sequences_grow_forward_and_back()
    {
        var release = ReleaseId.Parse("search");
        var (first, second, rescue) = (HookCall.Back(release, 1, [Swap, Shift]), HookCall.Back(release, 2, [Swap]), HookCall.Rescue(release, [Swap]));

        Assert.Equal(["search:back-1:swap", "search:back-1:shift"], first.Select(call => call.Key));
        Assert.Equal(first, HookCall.Back(release, 1, [Swap, Shift]));
        Assert.Equal(["search:rescue:swap"], rescue.Select(call => call.Key));
        long[] sequences = [.. first.Concat(second).Concat(rescue).Select(call => call.Sequence)];
        Assert.Equal(sequences.Order(), sequences);
        Assert.Equal("rollback:s%C3%A3o", new HookStep(DeployAction.Rollback, "1", "são", Percentage.Full).Id);
    }

    [Fact]
    public void Traffic_counts_shares_and_regions()
    {
        var traffic = new[] { "a", "b" }.Aggregate(HookTraffic.None, (sum, region) => sum.After(Deploy with { Region = region, Percentage = Percentage.Full }));

        Assert.Equal(66.67m, traffic.Share(3).Value);
        Assert.Equal(33.33m, traffic.After(new HookStep(DeployAction.Rollback, "1", "b", Percentage.Full)).Share(3).Value);
        Assert.Equal(10, HookTraffic.None.After(Deploy).After(Shift).Share(1).Value);
        Assert.Equal(0, HookTraffic.None.After(Swap).After(Swap with { Percentage = Percentage.Zero }).Share(1).Value);
        Assert.Equal(0, traffic.After(Swap).After(new HookStep(DeployAction.Rollback, "1", HookStep.AllRegions, Percentage.Full)).Share(3).Value);
    }

    private static HookStepFact Fact(HookStep step, EffectOutcome? outcome = EffectOutcome.Done) => new($"k:{step.Id}", step, outcome);
}
