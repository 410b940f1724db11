using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Tests.Activities;

public sealed class CallHookTests
{
    private static readonly Uri Url = new("https://deploy.example.com/search");
    private static readonly Uri Status = new("https://deploy.example.com/runs/7");
    private static readonly HookCall Swap = new(ReleaseId.Parse("search"), new HookStep(DeployAction.Swap, "2.4.0", HookStep.AllRegions, Percentage.Full), "k", 3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HookProgress.Done)]
    [InlineData(HookProgress.NoAnswer)]
    [InlineData(HookProgress.Refused)]
    public async Task RunAsync_ANewStep_AsksTheHook(HookProgress progress)
    {
        var hook = new FakeHook { Answer = () => new HookResult(progress, "what it said") };

        Assert.Equal(new HookOutput(progress, "what it said"), await new CallHook(hook).RunAsync(new HookInput(Url, Swap), Stop));
        Assert.Equal([$"{Url} {Swap.Key}"], hook.Asked);
    }

    [Fact]
    public async Task RunAsync_AStepUnderWay_AsksWhereThePipelineSays_AndKeepsTheAddressWhileItIsSilent()
    {
        var hook = new FakeHook { Answer = () => new HookResult(HookProgress.UnderWay, "running", Status) };
        var first = await new CallHook(hook).RunAsync(new HookInput(Url, Swap), Stop);
        hook.Answer = () => new HookResult(HookProgress.NoAnswer, "503");
        var second = await new CallHook(hook).RunAsync(new HookInput(Url, Swap, first.Status), Stop);

        Assert.Equal(Status, first.Status);
        Assert.Equal(Status, second.Status);
        Assert.Equal([$"{Url} {Swap.Key}", $"{Status}"], hook.Asked);
    }

    [Fact]
    public async Task RunAsync_AHookThatIsAway_IsAnAnswer()
    {
        var hook = new FakeHook { Answer = () => throw new PortUnavailableException("deploy hook", "no answer") };

        Assert.Equal(new HookOutput(HookProgress.NoAnswer, "deploy hook: no answer"), await new CallHook(hook).RunAsync(new HookInput(Url, Swap), Stop));
    }

    private sealed class FakeHook : IDeployHook
    {
        public required Func<HookResult> Answer { get; set; }

        public List<string> Asked { get; } = [];

        public Task<HookResult> CallAsync(Uri hook, HookCall call, CancellationToken cancellation)
        {
            Asked.Add($"{hook} {call.Key}");
            return Task.FromResult(Answer());
        }

        public Task<HookResult> StatusAsync(Uri status, CancellationToken cancellation)
        {
            Asked.Add($"{status}");
            return Task.FromResult(Answer());
        }
    }
}
