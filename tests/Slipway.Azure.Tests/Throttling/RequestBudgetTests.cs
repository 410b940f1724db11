using Slipway.Azure.Throttling;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;

namespace Slipway.Azure.Tests.Throttling;

public sealed class RequestBudgetTests
{
    private readonly VirtualTimeProvider _time = TestClock.AtNine();

    [Fact]
    public void TryTake_SlidesWithItsOldestRequest()
    {
        var budget = new RequestBudget(_time, new RateLimit(2, TimeSpan.FromMinutes(1)));
        var nine = _time.GetUtcNow();
        Assert.Null(budget.TryTake());
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(budget.TryTake());
        Assert.Equal(nine.AddSeconds(60), budget.TryTake());
        _time.Advance(TimeSpan.FromSeconds(39));
        Assert.Equal(nine.AddSeconds(60), budget.TryTake());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(budget.TryTake());
        Assert.Equal(nine.AddSeconds(80), budget.TryTake());
    }

    [Fact]
    public void TryTake_OfSeveralWindows_WaitsForTheLast()
    {
        var budget = new RequestBudget(_time, new RateLimit(1, TimeSpan.FromMinutes(1)), new RateLimit(2, TimeSpan.FromHours(1)));
        var nine = _time.GetUtcNow();
        Assert.Null(budget.TryTake());
        Assert.Equal(nine.AddMinutes(1), budget.TryTake());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(budget.TryTake());
        Assert.Equal(nine.AddHours(1), budget.TryTake());
    }

    [Fact]
    public void Count_BeyondTheLimit_WaitsUntilThereIsRoom()
    {
        var budget = new RequestBudget(_time, new RateLimit(2, TimeSpan.FromMinutes(1)));
        var nine = _time.GetUtcNow();
        foreach (var _ in Enumerable.Range(0, 4))
        {
            budget.Count();
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(nine.AddSeconds(80), budget.TryTake());
    }

    [Fact]
    public void TryTake_ByManyAtOnce_GivesNoMoreThanTheLimit()
    {
        var budget = new RequestBudget(_time, new RateLimit(50, TimeSpan.FromMinutes(1)));
        var taken = 0;
        Parallel.For(0, 500, _ =>
        {
            if (budget.TryTake() is null) Interlocked.Increment(ref taken);
        });
        Assert.Equal(50, taken);
    }

    [Fact]
    public void RequestBudget_WithoutALimit_HasAlwaysRoom() => Assert.Null(new RequestBudget(_time).TryTake());

    [Fact]
    public void RequestBudget_AnImpossibleLimit_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RequestBudget(_time, new RateLimit(0, TimeSpan.FromMinutes(1))));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RequestBudget(_time, new RateLimit(1, TimeSpan.Zero)));
    }
}
