using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Rescue;
using Slipway.Core.Tests.Ledgers;
using Slipway.Workflow.Diagnostics;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Tests.Diagnostics;

public sealed class StallTests
{
    private static readonly ReleaseState Running = ReleaseState.Fold(SampleLedgers.All["running"]);
    private static readonly ReleaseState Begun = ReleaseState.Fold(SampleLedgers.Begun(new LedgerScript(SampleRequests.Start)).Entries);

    private static string? Find(ReleaseState state, OrchestrationHealth health, double minutes)
    {
        var now = state.UpdatedAt.AddMinutes(minutes);
        var pulse = health switch
        {
            OrchestrationHealth.Missing => OrchestrationPulse.Missing,
            OrchestrationHealth.Running => OrchestrationPulse.Running,
            OrchestrationHealth.Completed => OrchestrationPulse.Ended,
            _ => OrchestrationPulse.Failed,
        };
        return Stall.Find(state, health, RescueDecision.Decide(state, pulse, now), now);
    }

    [Theory]
    [InlineData(OrchestrationHealth.Running, 1, null)]
    [InlineData(OrchestrationHealth.Running, 30, "nothing was judged since")]
    [InlineData(OrchestrationHealth.Failed, 0, "the orchestration failed")]
    [InlineData(OrchestrationHealth.Missing, 0, "the orchestration is gone")]
    public void An_exposed_release_stands_still_without_an_orchestration_or_a_verdict(OrchestrationHealth health, double minutes, string? why) => AssertWhy(why, Find(Running, health, minutes));

    [Theory]
    [InlineData(OrchestrationHealth.Running, 60, null)]
    [InlineData(OrchestrationHealth.Missing, 1, null)]
    [InlineData(OrchestrationHealth.Missing, 6, "no orchestration runs for it")]
    [InlineData(OrchestrationHealth.Failed, 0, "the orchestration failed")]
    public void One_that_exposed_nobody_stands_still_when_nothing_runs_it(OrchestrationHealth health, double minutes, string? why) => AssertWhy(why, Find(Begun, health, minutes));

    [Theory]
    [InlineData(4, null)]
    [InlineData(5, "the command roll_back is unanswered since 5 min")]
    public void An_unanswered_command_is_a_standstill(double minutes, string? why) => AssertWhy(why, Find(
        ReleaseState.Fold(SampleLedgers.Begun(new LedgerScript(SampleRequests.Start)).Add(new CommandReceived(new ReleaseCommand("c-1", ReleaseCommandKind.RollBack, "dana@example.com", ""))).Entries),
        OrchestrationHealth.Running,
        minutes));

    [Fact]
    public void A_release_that_is_over_does_not_stand_still() => Assert.Null(Find(ReleaseState.Fold(SampleLedgers.All["completed"]), OrchestrationHealth.Failed, 600));

    private static void AssertWhy(string? expected, string? found)
    {
        if (expected is null) Assert.Null(found);
        else Assert.Contains(expected, found, StringComparison.Ordinal);
    }
}
