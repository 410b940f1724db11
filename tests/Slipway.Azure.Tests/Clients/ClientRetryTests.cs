using Slipway.Azure.Clients;
using Slipway.Workflow.Activities;

namespace Slipway.Azure.Tests.Clients;

public sealed class ClientRetryTests
{
    /// <summary>What the workflow waits for: a poll, and an entry of the watch's.</summary>
    private static readonly TimeSpan GivenUp = TimeSpan.FromSeconds(30);

    [Fact]
    public void ClientRetry_ByDefault_HasEndedWithAllItsWaitsBeforeTheWorkflowGivesUp()
    {
        var usual = new ClientRetry();
        var longest = usual.LongestWait > usual.LongestDelay ? usual.LongestWait : usual.LongestDelay;
        Assert.True(((usual.Retries + 1) * usual.Timeout) + (usual.Retries * longest) < GivenUp);
    }

    [Fact]
    public void ClientRetry_ByDefault_LeavesAPollTimeToReadTheLedgerOnASecondConnection() =>
        Assert.True(new ClientRetry().Timeout + new ClientRetry().FirstDelay < PollRelease.LedgerPatience);
}
