using System.Threading.Channels;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

/// <summary>In which order activities begin when more wait than may run.</summary>
public sealed class ActivityOrderTests
{
    [Fact]
    public async Task What_carries_on_comes_first_and_every_fourth_is_one_of_the_others() =>
        Assert.Equal(["running", "c1", "c2", "c3", "n1", "c4", "c5", "c6", "n2", "c7", "n3"], await OrderAsync(inline: false));

    [Fact]
    public async Task In_virtual_time_they_begin_in_the_order_of_scheduling() =>
        Assert.Equal(["running", "n1", "c1", "c2", "c3", "n2", "c4", "c5", "c6", "c7", "n3"], await OrderAsync(inline: true));

    private static async Task<IReadOnlyList<string>> OrderAsync(bool inline)
    {
        var mailbox = Channel.CreateUnbounded<EngineMessage>();
        var registry = new WorkflowRegistry();
        var name = registry.Activity<int, int>("any.v1", _ => 0);
        using var dispatcher = new ActivityDispatcher(registry, most: 1, mailbox.Writer) { Inline = inline };
        foreach (var id in (string[])["running", "n1", "c1", "c2", "c3", "n2", "c4", "c5", "c6", "c7", "n3"])
        {
            var work = new ActivityWork(new ActivityKey(id, 0, 0), name.Value, RecordedValue.Of(WorkflowRegistry.ToJson(0)), 1, 0, null);
            dispatcher.Start(work, carriesOn: id[0] == 'c');
        }

        var order = new List<string>();
        while (dispatcher.Running > 0)
        {
            var message = await mailbox.Reader.ReadAsync(TestContext.Current.CancellationToken);
            if (message is ContinuationMessage continuation)
            {
                dispatcher.Continue(continuation);
                continue;
            }

            var ended = Assert.IsType<ActivityEndedMessage>(message);
            order.Add(ended.Work.Key.Instance);
            dispatcher.Ended(ended.Work);
        }

        return order;
    }
}
