using System.Globalization;
using Slipway.Core.Aftercare;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;

namespace Slipway.Workflow.Aftercare;

/// <summary>
/// Looks after a release that is over: at each moment of its plan it records that this has come and tells people what is due. It holds no lock,
/// writes no flag, and a release never changes how it ended because of it. Between two moments it is one timer, and after a rollback one more.
/// </summary>
public sealed class AftercareWorkflow : IWorkflow<AftercareInput, AftercareOutput>
{
    /// <summary>Aftercare as an actor.</summary>
    public const string Actor = "slipway aftercare";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a message is tried.</summary>
    private static readonly TimeSpan MessageLimit = TimeSpan.FromHours(24);

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromDays(1);

    /// <summary>After so many days people are not reminded any more.</summary>
    private const int MostReminders = 29;

    /// <summary>The instance that looks after a release.</summary>
    public static string InstanceOf(ReleaseId release) => $"{release}/aftercare";

    /// <inheritdoc/>
    public async Task<AftercareOutput> RunAsync(IWorkflowContext context, AftercareInput input)
    {
        var release = input.Release;
        var loaded = await context.Insist(() => context.RunActivity(ReleaseActivities.Load, new LoadInput(release)));
        var brief = await context.Insist(() => context.RunActivity(ReleaseActivities.AftercareBrief, input));
        if (brief.Checkpoints.Count == 0) return new AftercareOutput(0);
        await Append(context, release, new LedgerDraft("aftercare:begun", context.Now, Actor, new AftercareBegun([.. brief.Checkpoints.Select(checkpoint => checkpoint.Step)])));

        var telling = new List<Task>();
        var watching = brief.WatchedFrom is { } end
            ? RollbackLook.RunAsync(context, release, loaded.Plan, end, brief, async (look, alarming) => telling.AddRange(await Record(context, release, loaded, brief, look, alarming)))
            : Task.CompletedTask;
        var measuring = brief.MeasuredFrom is { } completed ? CompletionLook.RunAsync(context, loaded.Plan, completed, async check => telling.AddRange(await Measured(context, release, loaded, brief, check))) : Task.CompletedTask;
        if (brief.Phase == ReleasePhase.Completed && loaded.Request.Communications.TicketWebhook is { } ticket) telling.Add(ManifestPost.RunAsync(context, release, ticket, draft => Append(context, release, draft)));
        for (var index = 0; index < brief.Checkpoints.Count; index++)
        {
            var checkpoint = brief.Checkpoints[index];
            if (checkpoint.DueAt > context.Now) await context.SleepUntil(checkpoint.DueAt);

            // After days without a server, one mail about the newest moment says more than one about each.
            var told = index == brief.Checkpoints.Count - 1 || brief.Checkpoints[index + 1].DueAt > context.Now;
            var messages = told ? AftercareMessages.For(release, loaded, brief, checkpoint, context.Now) : [];
            await Append(
                context,
                release,
                [
                    new LedgerDraft($"aftercare:{checkpoint.Step}", context.Now, Actor, new AftercareReached(checkpoint.Step, told)),
                    .. messages.Select(message => AftercareMessages.Intent(message, context.Now)),
                ]);
            telling.AddRange(messages.Select(message => Tell(context, release, message)));
        }

        await watching;
        await measuring;
        var open = await Remind(context, release, loaded, input, telling);
        await Task.WhenAll(telling);
        var reason = brief.Phase != ReleasePhase.Completed ? "two days after the end: the postmortem is due"
            : open.Count > 0 ? $"nobody has ticked off {string.Join(", ", open.Select(task => task.Key))}: the feature record stays open"
            : "a week after the end: the feature record is closed";
        await Append(context, release, new LedgerDraft("aftercare:ended", context.Now, Actor, new AftercareEnded(reason)));
        return new AftercareOutput(brief.Checkpoints.Count);
    }

    /// <summary>Reminds of what is not ticked off, once a day; returns what is open at the end.</summary>
    private static async Task<IReadOnlyList<AftercareTask>> Remind(IWorkflowContext context, ReleaseId release, LoadOutput loaded, AftercareInput input, List<Task> telling)
    {
        for (var reminder = 0; ; reminder++)
        {
            var brief = await context.Insist(() => context.RunActivity(ReleaseActivities.AftercareBrief, input));
            if (brief.Open.Count == 0 || reminder == MostReminders) return brief.Open;
            if (reminder > 0)
            {
                var messages = AftercareMessages.Reminder(release, loaded, brief, reminder, context.Now);
                await Append(
                    context,
                    release,
                    [
                        new LedgerDraft(string.Create(CultureInfo.InvariantCulture, $"aftercare:remind:{reminder}"), context.Now, Actor, new AftercareReminded([.. brief.Open.Select(task => task.Key!)])),
                        .. messages.Select(message => AftercareMessages.Intent(message, context.Now)),
                    ]);
                telling.AddRange(messages.Select(message => Tell(context, release, message)));
            }

            await context.SleepUntil(context.Now + ReminderPeriod);
        }
    }

    /// <summary>What was measured after completion, with who is told where it is not good.</summary>
    private static async Task<IReadOnlyList<Task>> Measured(IWorkflowContext context, ReleaseId release, LoadOutput loaded, AftercareBrief brief, CompletionChecked check)
    {
        var messages = check.Status == LookStatus.Good ? [] : AftercareMessages.Alarm(release, loaded, brief, "The error rate is not confirmed after completion", check.Sentence, check.To, context.Now);
        await Append(context, release, [new LedgerDraft("aftercare:completion", context.Now, Actor, check), .. messages.Select(message => AftercareMessages.Intent(message, context.Now))]);
        return [.. messages.Select(message => Tell(context, release, message))];
    }

    /// <summary>A look at the metrics, with who is told of it before they are; the messages go out in the background.</summary>
    private static async Task<IReadOnlyList<Task>> Record(
        IWorkflowContext context, ReleaseId release, LoadOutput loaded, AftercareBrief brief, AftercareLooked look, bool alarming)
    {
        var messages = alarming ? AftercareMessages.Alarm(release, loaded, brief, "Metrics are bad after the rollback", look.Sentence, look.To, context.Now) : [];
        await Append(
            context,
            release,
            [
                new LedgerDraft(string.Create(CultureInfo.InvariantCulture, $"aftercare:look:{look.To.UtcTicks}"), context.Now, Actor, look),
                .. messages.Select(message => AftercareMessages.Intent(message, context.Now)),
            ]);
        return [.. messages.Select(message => Tell(context, release, message))];
    }

    private static async Task Tell(IWorkflowContext context, ReleaseId release, MessageInput message)
    {
        var until = context.Now + MessageLimit;
        for (var attempt = 0; ; attempt++)
        {
            var (value, problem) = await context.Attempt(context.RunActivity(ReleaseActivities.Message, message), Timeout);
            var accepted = value is { Outcome: EffectOutcome.Done };
            var last = !accepted && context.Now >= until;
            if (accepted || last || attempt == 0) await Append(context, release, AftercareMessages.Sent(message, attempt, accepted, value?.Details ?? problem, context.Now));
            if (accepted || last) return;
            await context.SleepUntil(context.Now + (attempt < 6 ? Insistence.Backoff(attempt) : TimeSpan.FromMinutes(30)));
        }
    }

    private static Task<AppendOutput> Append(IWorkflowContext context, ReleaseId release, params IReadOnlyList<LedgerDraft> drafts) =>
        context.Insist(() => context.RunActivity(ReleaseActivities.Append, new AppendInput(release, drafts)));
}
