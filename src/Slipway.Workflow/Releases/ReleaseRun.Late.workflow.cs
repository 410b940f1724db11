using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>What is heard late: from people whose wake-up was lost, and, when the release is over, from a watch that could not read that it is.</summary>
internal sealed partial class ReleaseRun
{
    /// <summary>
    /// Looks for commands that nobody has read before more users get the new version, and before the release is over: who gave one did not see that
    /// its wake-up was lost or is late. A ledger that does not answer is not waited for longer than any other call.
    /// </summary>
    private async Task LookForCommands()
    {
        if (!loaded.LooksBeforeItMoves) return;
        _unread = true;
        await Pump(() => !_unread && _reading is null, null, context.Now + ForwardTimeout);
    }

    /// <summary>Looks once more for commands that nobody has read; the transition table refuses them, since the release is over.</summary>
    private async Task AnswerLateCommands()
    {
        _unread = true;
        await Pump(() => !_unread && _reading is null, null, context.Now + ForwardTimeout, interruptible: false);
    }

    /// <summary>
    /// A watch found something and had not heard yet that the release is over. Nobody is asked and nothing is held or brought back any more;
    /// that all users have what it found is said to whoever is on call. Of a release that went back or failed, people know already.
    /// </summary>
    private void OnFoundLate(EnvironmentWatch environment, WatchOutput ended)
    {
        if (_machine.Phase != ReleasePhase.Completed) return;
        if (ended.Ending is not (WatchEnding.Breached or WatchEnding.EvaluationDue or WatchEnding.PauseTriggered or WatchEnding.Alerted)) return;
        var sentence = $"{ended.Sentence}{environment.In}";
        Raise(FindingOf(ended)?.Rule ?? "trigger", AlertSeverity.Critical, sentence, "found when the release was over: on-call was told; nothing goes back by itself");
        var details = $"{sentence}\nIt was found when the release was complete already: all users have {_request.Release.Version}, and nothing goes back by itself any more.";
        Post(Checkpoint.Breach, MessageWords.FoundLate, details);
        PageOnCall(Checkpoint.Breach, MessageWords.FoundLate, details);
    }
}
