using System.Globalization;
using Slipway.Core.Aftercare;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Messages;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Aftercare;

/// <summary>One run of the aftercare. What is due waits for the ledger, so that nobody is reminded of what is not recorded; an alarm does not for
/// long.</summary>
internal sealed class AftercareRun(IWorkflowContext context, AftercareInput input, LoadOutput loaded, AftercareBrief brief)
{
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromDays(1);

    /// <summary>After so many days people are not reminded any more.</summary>
    private const int MostReminders = 29;

    /// <summary>Most of it is not urgent for longer than a day: later tries are further apart than those of a release.</summary>
    private static readonly TimeSpan MessagePause = TimeSpan.FromMinutes(30);

    private readonly ReleaseId _release = input.Release;
    private readonly LedgerWriter _ledger = new(context, input.Release);
    private readonly List<Task> _telling = [];

    public async Task<AftercareOutput> RunAsync()
    {
        await Append(Draft("begun", new AftercareBegun([.. brief.Checkpoints.Select(checkpoint => checkpoint.Step)])));
        var watching = brief.WatchedFrom is { } end ? RollbackLook.RunAsync(context, _release, loaded.Plan, end, brief, Looked) : Task.CompletedTask;
        var measuring = brief.MeasuredFrom is { } completed ? CompletionLook.RunAsync(context, loaded.Plan, completed, Measured) : Task.CompletedTask;
        if (brief.Phase == ReleasePhase.Completed && loaded.Request.Communications.TicketWebhook is { } ticket) _telling.Add(ManifestPost.RunAsync(context, _release, ticket, draft => Append(draft)));
        for (var index = 0; index < brief.Checkpoints.Count; index++)
        {
            var checkpoint = brief.Checkpoints[index];
            if (checkpoint.DueAt > context.Now) await context.SleepUntil(checkpoint.DueAt);

            // After days without a server, one mail about the newest moment says more than one about each.
            var told = index == brief.Checkpoints.Count - 1 || brief.Checkpoints[index + 1].DueAt > context.Now;
            var messages = told ? AftercareMessages.For(_release, loaded, brief, checkpoint, context.Now) : [];
            await Append([Draft($"{checkpoint.Step}", new AftercareReached(checkpoint.Step, told)), .. Intents(messages)]);
            Tell(messages);
        }

        await watching;
        await measuring;
        var open = await Remind();
        await Task.WhenAll(_telling);
        await _ledger.Recorded();
        var reason = brief.Phase != ReleasePhase.Completed ? "two days after the end: the postmortem is due"
            : open.Count > 0 ? $"nobody has ticked off {string.Join(", ", open.Select(task => task.Key))}: the feature record stays open"
            : "a week after the end: the feature record is closed";
        await Append(Draft("ended", new AftercareEnded(reason)));
        return new AftercareOutput(brief.Checkpoints.Count);
    }

    /// <summary>Reminds of what is not ticked off, once a day; returns what is open at the end.</summary>
    private async Task<IReadOnlyList<AftercareTask>> Remind()
    {
        for (var reminder = 0; ; reminder++)
        {
            var now = await context.Insist(() => context.RunActivity(ReleaseActivities.AftercareBrief, input));
            if (now.Open.Count == 0 || reminder == MostReminders) return now.Open;
            if (reminder > 0)
            {
                var messages = AftercareMessages.Reminder(_release, loaded, now, reminder, context.Now);
                await Append([Draft(string.Create(CultureInfo.InvariantCulture, $"remind:{reminder}"), new AftercareReminded([.. now.Open.Select(task => task.Key!)])), .. Intents(messages)]);
                Tell(messages);
            }

            await context.SleepUntil(context.Now + ReminderPeriod);
        }
    }

    /// <summary>What was measured after completion; on-call is told where it is not good.</summary>
    private Task Measured(CompletionChecked check) => Alarm(
        Draft("completion", check),
        check.Status == LookStatus.Good ? [] : AftercareMessages.Alarm(_release, loaded, brief, "The error rate is not confirmed after completion", check.Sentence, check.To, context.Now));

    /// <summary>A look at the metrics; on-call is told when they go bad.</summary>
    private Task Looked(AftercareLooked look, bool alarming) => Alarm(
        Draft(string.Create(CultureInfo.InvariantCulture, $"look:{look.To.UtcTicks}"), look),
        alarming ? AftercareMessages.Alarm(_release, loaded, brief, "Metrics are bad after the rollback", look.Sentence, look.To, context.Now) : []);

    /// <summary>Records what was seen, with who is told of it; a ledger that is away keeps nobody from being told, and no look from being the next.</summary>
    private async Task Alarm(LedgerDraft seen, IReadOnlyList<MessageInput> messages)
    {
        LedgerDraft[] drafts = [seen, .. Intents(messages)];
        if (!loaded.TellsWithoutLedger)
        {
            await Append(drafts);
        }
        else
        {
            _ledger.Add(drafts);
            if (messages.Count > 0) await _ledger.RecordedUntil(context.Now + LedgerWriter.LastWordPatience);
        }

        Tell(messages);
    }

    private IEnumerable<LedgerDraft> Intents(IReadOnlyList<MessageInput> messages) => messages.Select(message => AftercareMessages.Intent(message, context.Now));

    /// <summary>The messages go out in the background.</summary>
    private void Tell(IReadOnlyList<MessageInput> messages) => _telling.AddRange(messages.Select(message => new MessageDelivery(context, message, (name, bodies) =>
    {
        var told = AftercareMessages.Told(message, name, bodies, context.Now);
        if (!loaded.TellsWithoutLedger) return Append(told);
        _ledger.Add(told);
        return Task.CompletedTask;
    })
    { Pause = MessagePause, Confirms = loaded.ConfirmsEveryMail }.RunAsync()));

    private LedgerDraft Draft(string name, LedgerBody body) => new($"aftercare:{name}", context.Now, AftercareWorkflow.Actor, body);

    private Task<AppendOutput> Append(params IReadOnlyList<LedgerDraft> drafts) =>
        context.Insist(() => context.RunActivity(ReleaseActivities.Append, new AppendInput(_release, drafts)));
}
