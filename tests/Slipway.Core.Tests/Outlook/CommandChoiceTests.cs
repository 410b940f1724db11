using Slipway.Core.Ledgers;
using Slipway.Core.Outlook;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Outlook;

public sealed class CommandChoiceTests
{
    [Fact]
    public void A_rollback_says_how_many_users_return_and_to_what()
    {
        var state = ReleaseState.Fold(SampleLedgers.All["running"]);

        var choice = CommandChoice.Of(state, ReleaseCommandKind.RollBack)!;

        Assert.True(choice.Severe);
        Assert.StartsWith($"{state.Exposure} of users return to {state.Request.Rollback!.Code!.PreviousVersion}:", choice.Consequence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("running", "rollback,pause,promote,extend")]
    [InlineData("paused", "rollback,resume,promote,extend")]
    [InlineData("completed", "")]
    [InlineData("rolled_back", "")]
    public void Only_what_does_something_now_is_offered(string sample, string words)
    {
        var state = ReleaseState.Fold(SampleLedgers.All[sample]);

        Assert.Equal(words, string.Join(',', CommandChoice.Of(state).Select(choice => choice.Word)));
    }

    [Fact]
    public void Before_anybody_is_exposed_abort_takes_the_place_of_rollback()
    {
        var state = ReleaseState.Fold(SampleLedgers.Begun(new LedgerScript(SampleRequests.Start)).Entries);

        var words = CommandChoice.Of(state).Select(choice => choice.Word).ToList();

        Assert.Contains("abort", words);
        Assert.DoesNotContain("rollback", words);
    }

    [Fact]
    public void Every_offered_command_is_legal_in_the_transition_table()
    {
        foreach (var (name, entries) in SampleLedgers.All)
        {
            for (var count = 1; count <= entries.Count; count++)
            {
                var state = ReleaseState.Fold(entries.Take(count));
                foreach (var choice in CommandChoice.Of(state).Where(one => one.Kind != ReleaseCommandKind.AcknowledgeNotices))
                {
                    var trigger = ReleaseMachine.TriggerOf(choice.Kind);
                    Assert.True(trigger is { } pulled && ReleaseMachine.Next(state.Machine, pulled) is not null, $"{name} after entry {count}: {choice.Word} in {state.Phase}");
                }
            }
        }
    }
}
