using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Slipway.Functions.Durable;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Aftercare;
using Slipway.Workflow.Engine;

#pragma warning disable CS1591 // ReleaseActivities says what each of them does.

namespace Slipway.Functions.Triggers;

/// <summary>
/// One function for each activity: a line with its function name (see <see cref="DurableNames"/>) and its member in ReleaseActivities.
/// </summary>
/// <param name="module">What runs.</param>
public sealed class ActivityFunctions(DurableModule module)
{
    [Function("manifest-post-v1")] public Task<JsonElement> PostManifest([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("aftercare-brief-v1")] public Task<JsonElement> AftercareBrief([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("rescue-brief-v1")] public Task<JsonElement> Brief([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("release-load-v1")] public Task<JsonElement> Load([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("ledger-append-v1")] public Task<JsonElement> Append([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("ledger-commands-v1")] public Task<JsonElement> Commands([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("locks-take-v1")] public Task<JsonElement> TakeLocks([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("freezes-read-v1")] public Task<JsonElement> Freezes([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("locks-check-v1")] public Task<JsonElement> CheckLocks([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("locks-release-v1")] public Task<JsonElement> ReleaseLocks([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("state-capture-v1")] public Task<JsonElement> Capture([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("gate-kill-switch-v1")] public Task<JsonElement> ProveKillSwitch([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("gate-probe-v1")] public Task<JsonElement> Probe([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("gates-ask-v1")] public Task<JsonElement> AskGates([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("evidence-read-v1")] public Task<JsonElement> ReadEvidence([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("gate-scan-v1")] public Task<JsonElement> Scan([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("gate-error_types-v1")] public Task<JsonElement> ErrorTypes([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("gate-telemetry-v1")] public Task<JsonElement> Baseline([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("telemetry-calibrate-v1")] public Task<JsonElement> Calibrate([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("flag-expose-v1")] public Task<JsonElement> Expose([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("flag-restore-v1")] public Task<JsonElement> RestoreFlag([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("flags-verify-v1")] public Task<JsonElement> VerifyFlags([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("configuration-restore-v1")] public Task<JsonElement> RestoreKey([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("hook-step-v1")] public Task<JsonElement> Hook([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("metrics-read-v1")] public Task<JsonElement> Observe([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("watch-poll-v1")] public Task<JsonElement> Poll([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("mail-delivery-v1")] public Task<JsonElement> Delivery([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);
    [Function("message-send-v1")] public Task<JsonElement> Message([ActivityTrigger] JsonElement input, FunctionContext call) => Run(input, call);

    // The one activity that starts an orchestration: the platform hands its client to the call.
    [Function("aftercare-start-v1")]
    public Task<JsonElement> StartAftercare([ActivityTrigger] JsonElement input, [DurableClient] DurableTaskClient client, FunctionContext call) => module.RunAsync(
        new RegisteredActivity(ReleaseActivities.StartAftercare.Value, async (recorded, cancellation) =>
            WorkflowRegistry.ToJson(await new StartAftercare(new DurableReleaseClient(client)).RunAsync(WorkflowRegistry.FromJson<AftercareInput>(recorded), cancellation))),
        input,
        call.CancellationToken,
        CallerOf(call));

    private Task<JsonElement> Run(JsonElement input, FunctionContext call) => module.RunAsync(call.FunctionDefinition.Name, input, call.CancellationToken, CallerOf(call));

    /// <summary>The orchestration that called; the platform sends its id beside the input.</summary>
    private static string CallerOf(FunctionContext call) => call.BindingContext?.BindingData.GetValueOrDefault("instanceId")?.ToString()?.Trim('"') ?? "";
}
