using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Tests.Activities;

public sealed class CallHookTests
{
    private static readonly Uri Url = new("https://deploy.example.com/search");
    private static readonly Uri Status = new("https://deploy.example.com/runs/7");
    private static readonly HookCall Swap = new(ReleaseId.Parse("search"), new HookStep(DeployAction.Swap, "2.4.0", HookStep.AllRegions, Percentage.Full), "k", 3);

    private readonly ReleaseJournal _journal = new(new InMemoryLedger(), new InMemorySnapshots());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HookProgress.Done)]
    [InlineData(HookProgress.NoAnswer)]
    [InlineData(HookProgress.Refused)]
    public async Task RunAsync_ANewStep_AsksTheHook(HookProgress progress)
    {
        var hook = new FakeHook { Answer = () => new HookResult(progress, "what it said") };

        Assert.Equal(new HookOutput(progress, "what it said"), await new CallHook(hook, _journal).RunAsync(new HookInput(Url, Swap), Stop));
        Assert.Equal([$"{Url} {Swap.Key}"], hook.Asked);
    }

    [Fact]
    public async Task RunAsync_AStepUnderWay_AsksWhereThePipelineSays_AndKeepsTheAddressWhileItIsSilent()
    {
        var hook = new FakeHook { Answer = () => new HookResult(HookProgress.UnderWay, "running", Status) };
        var first = await new CallHook(hook, _journal).RunAsync(new HookInput(Url, Swap), Stop);
        hook.Answer = () => new HookResult(HookProgress.NoAnswer, "503");
        var second = await new CallHook(hook, _journal).RunAsync(new HookInput(Url, Swap, first.Status), Stop);

        Assert.Equal(Status, first.Status);
        Assert.Equal(Status, second.Status);
        Assert.Equal([$"{Url} {Swap.Key}", $"{Status}"], hook.Asked);
    }

    [Fact]
    public async Task RunAsync_AHookThatIsAway_IsAnAnswer()
    {
        var hook = new FakeHook { Answer = () => throw new PortUnavailableException("deploy hook", "no answer") };

        Assert.Equal(new HookOutput(HookProgress.NoAnswer, "deploy hook: no answer"), await new CallHook(hook, _journal).RunAsync(new HookInput(Url, Swap), Stop));
    }

    /// <summary>The call may have been left in the outbox of an engine that died, which starts again when somebody else has brought the release back.</summary>
    [Theory]
    [InlineData(false, "not asked for: ada brings the release back")]
    [InlineData(true, "not asked for: the release is over")]
    public async Task RunAsync_AStepForwardOfAReleaseThatGoesBack_IsNotAskedFor(bool over, string why)
    {
        await _journal.CreateAsync(Swap.Release, new LedgerDraft("start", SampleRequests.Start, "dana@example.com", SampleRequests.Created()), Stop);
        await _journal.AppendAsync(Swap.Release, [new LedgerDraft("end", SampleRequests.Start, "ada", over ? new ReleaseEnded(ReleasePhase.RolledBack, "bad", []) : new ReleaseTakenOver("ada", "bad"))], Stop);
        var hook = new FakeHook { Answer = () => new HookResult(HookProgress.Done, "done") };
        var call = new CallHook(hook, _journal);

        Assert.Equal(new HookOutput(HookProgress.NoAnswer, why), await call.RunAsync(new HookInput(Url, Swap), Stop));
        Assert.Empty(hook.Asked);
        foreach (var input in (HookInput[])[new(Url, Swap, Status), new(Url, HookCall.Back(Swap.Release, 1, [Swap.Step])[0]), new(Url, HookCall.Rescue(Swap.Release, [Swap.Step])[0])])
            Assert.Equal(HookProgress.Done, (await call.RunAsync(input, Stop)).Progress);
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
