using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;

namespace Slipway.Workflow.Aftercare;

/// <summary>Offers the deployment manifest to the release ticket, once, and again for a day while it is not accepted.</summary>
internal static class ManifestPost
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Limit = TimeSpan.FromHours(24);

    /// <summary>Offers it until it is accepted or the day is over; the first answer and the last are recorded.</summary>
    /// <param name="context">The engine.</param>
    /// <param name="release">The release.</param>
    /// <param name="ticket">The ticket's webhook.</param>
    /// <param name="record">Records an answer.</param>
    public static async Task RunAsync(IWorkflowContext context, ReleaseId release, Uri ticket, Func<LedgerDraft, Task> record)
    {
        var (until, effect) = (context.Now + Limit, $"message:{PostManifest.KeyOf(release)}");
        await record(new LedgerDraft("aftercare:manifest", context.Now, AftercareWorkflow.Actor, new EffectIntended(effect, EffectKind.Webhook, ticket.ToString(), "attach the deployment manifest to the ticket")));
        for (var attempt = 0; ; attempt++)
        {
            var (value, problem) = await context.Attempt(context.RunActivity(ReleaseActivities.PostManifest, new PostManifestInput(release, ticket)), Timeout);
            var posted = new ManifestPosted(ticket, value?.Sha256 ?? "", value is { Accepted: true }, value?.Details ?? problem);
            var last = posted.Accepted || context.Now >= until;
            if (last || attempt == 0) await record(new LedgerDraft(string.Create(CultureInfo.InvariantCulture, $"aftercare:manifest:{attempt}"), context.Now, AftercareWorkflow.Actor, posted));
            if (last)
            {
                await record(new LedgerDraft(
                    "aftercare:manifest:ended", context.Now, AftercareWorkflow.Actor,
                    new EffectFinished(effect, EffectKind.Webhook, ticket.ToString(), posted.Accepted ? EffectOutcome.Done : EffectOutcome.Failed, posted.Details, null)));
                return;
            }

            await context.SleepUntil(context.Now + (attempt < 6 ? Insistence.Backoff(attempt) : TimeSpan.FromMinutes(30)));
        }
    }
}
