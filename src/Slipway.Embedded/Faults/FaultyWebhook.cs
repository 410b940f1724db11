using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Faults;

/// <summary>A webhook sender that fails by plan.</summary>
public sealed class FaultyWebhook(IWebhook inner, FaultPlan plan) : IWebhook
{
    /// <inheritdoc/>
    public Task PostAsync(Uri url, string json, string idempotencyKey, CancellationToken cancellation) =>
        FaultyCall.RunAsync(
            plan,
            "webhook",
            FaultOperations.Webhook,
            url.ToString(),
            async () =>
            {
                await inner.PostAsync(url, json, idempotencyKey, cancellation);
                return true;
            },
            cancellation);
}
