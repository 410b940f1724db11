using Slipway.Embedded.Engine;

namespace Slipway.Embedded.Tests.Engine;

public sealed class DueQueueTests
{
    private static DueItem Timer(int step) => new(DueKind.Timer, "one", 0, step);

    [Fact]
    public void TryTake_TakesByTimeThenByOrderOfAdding()
    {
        var queue = new DueQueue();
        queue.Add(Timer(1), 30);
        queue.Add(Timer(2), 10);
        queue.Add(Timer(3), 30);
        queue.Add(Timer(4), 20);
        queue.Remove(Timer(4));
        queue.Add(Timer(2), 40); // Moved.
        var taken = new List<int>();
        while (queue.TryTake(35, out var item))
            taken.Add(item.Step);
        Assert.Equal([1, 3], taken);
        Assert.Equal(40, queue.Next);
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void Remove_LeavesNothingOfACancelledTimerBehind()
    {
        var queue = new DueQueue();
        for (var i = 0; i < 10_000; i++)
        {
            queue.Add(Timer(i), 1_000_000 + i);
            queue.Remove(Timer(i));
        }

        Assert.Equal(0, queue.Count);
        Assert.Null(queue.Next);
    }
}
