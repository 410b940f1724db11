using Slipway.Azure.Metrics;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Metrics;

/// <summary>Questions that hang keep nobody waiting: the rollback's own poll is refused in time to be asked again.</summary>
public sealed class LogsBudgetTests : IDisposable
{
    private readonly VirtualTimeProvider _time = TestClock.AtNine();
    private readonly LogsBudget _budget;
    private int _asked;

    public LogsBudgetTests() => _budget = new LogsBudget(_time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _budget.Dispose();

    [Fact]
    public async Task RunAsync_WhileFiveHang_RefusesTheSixthAfterThreeSeconds()
    {
        using var givenUp = new CancellationTokenSource();
        Task<int>[] hanging = [.. Enumerable.Range(0, 5).Select(_ => _budget.RunAsync(() => HangAsync(givenUp.Token), givenUp.Token))];
        Assert.Equal(5, _asked);

        var sixth = _budget.RunAsync(AnswerAsync, Stop);
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(sixth.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("log analytics: 5 questions are under way, and none was answered in 3 s", (await Assert.ThrowsAsync<PortUnavailableException>(() => sixth)).Message);
        Assert.Equal(5, _asked);

        await givenUp.CancelAsync();
        foreach (var one in hanging) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.Equal(7, await _budget.RunAsync(AnswerAsync, Stop));
    }

    [Fact]
    public async Task RunAsync_APlaceThatIsGivenBack_GoesToWhoWaits()
    {
        using var all = new CancellationTokenSource();
        using var one = CancellationTokenSource.CreateLinkedTokenSource(all.Token);
        var ends = _budget.RunAsync(() => HangAsync(one.Token), Stop);
        Task<int>[] hanging = [.. Enumerable.Range(0, 4).Select(_ => _budget.RunAsync(() => HangAsync(all.Token), Stop))];
        var waits = _budget.RunAsync(AnswerAsync, Stop);
        Assert.False(waits.IsCompleted);

        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ends);
        Assert.Equal(7, await waits);
        await all.CancelAsync();
        foreach (var still in hanging) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => still);
    }

    [Fact]
    public async Task RunAsync_WhoGivesUpOrIsRefusedWhileWaiting_HoldsNoPlace()
    {
        using var all = new CancellationTokenSource();
        Task<int>[] hanging = [.. Enumerable.Range(0, 5).Select(_ => _budget.RunAsync(() => HangAsync(all.Token), Stop))];
        using var impatient = new CancellationTokenSource();
        Task<int>[] waiting = [.. Enumerable.Range(0, 20).Select(number => _budget.RunAsync(AnswerAsync, number % 2 == 0 ? impatient.Token : Stop))];
        await impatient.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(3));
        foreach (var (number, one) in waiting.Index())
        {
            if (number % 2 == 0) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
            else await Assert.ThrowsAsync<PortUnavailableException>(() => one);
        }

        await all.CancelAsync();
        foreach (var one in hanging) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        using var again = new CancellationTokenSource();
        Task<int>[] five = [.. Enumerable.Range(0, 5).Select(_ => _budget.RunAsync(() => HangAsync(again.Token), Stop))];
        Assert.Equal(10, _asked);
        await again.CancelAsync();
        foreach (var one in five) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
    }

    private async Task<int> HangAsync(CancellationToken until)
    {
        _asked++;
        return await new TaskCompletionSource<int>().Task.WaitAsync(until);
    }

    private static Task<int> AnswerAsync() => Task.FromResult(7);
}
