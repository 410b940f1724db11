using Slipway.Core.Releases;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;

namespace Slipway.Workflow.Releases;

/// <summary>
/// The orchestrator of one release: preflight, window, capture, stages, validation, and compensation from anywhere. It never continues
/// as new; what is long (watching) happens in its watch children.
/// </summary>
public sealed class ReleaseWorkflow : IWorkflow<ReleaseInput, ReleaseOutput>
{
    /// <summary>The one signal: there is something new in the ledger.</summary>
    public const string Wake = "wake";

    /// <inheritdoc/>
    public async Task<ReleaseOutput> RunAsync(IWorkflowContext context, ReleaseInput input)
    {
        var loaded = await context.RunActivity(ReleaseActivities.Load, new LoadInput(input.Release), new ActivityRetry(10, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(1)));

        // The engine forgets what is over. Whoever schedules it once more does not let it run a second time.
        if (loaded.Over is { } ended) return new ReleaseOutput(ended, "the release was over before this orchestration began");
        return await new ReleaseRun(context, input.Release, loaded).RunAsync();
    }
}

/// <summary>Why a release leaves its forward path.</summary>
/// <param name="Trigger">The trigger for the transition table.</param>
/// <param name="Actor">Who or what decided.</param>
/// <param name="Reason">Why, in one sentence.</param>
internal sealed record StopCause(ReleaseTrigger Trigger, string Actor, string Reason)
{
    /// <summary>What the watch found; null when it was not the watch.</summary>
    public Core.Analysis.Finding? Finding { get; init; }

    /// <summary>When the deciding poll ran; null when it was not the watch.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>The environment whose watch found it; null when it was not the watch.</summary>
    public int? Environment { get; init; }

    /// <summary>The command, report or answer that asked for it, and has to be told what it meant; null when nobody did.</summary>
    public string? CommandId { get; init; }

    /// <summary>Whether a person decided otherwise than by a command: an approver who rejected.</summary>
    public bool ByPerson { get; init; }

    /// <summary>Whether a person reported what the decision matrix answers with a rollback.</summary>
    public bool Automatic { get; init; }

    /// <summary>Whether the workflow decided by itself.</summary>
    public bool Automated => Automatic || (CommandId is null && !ByPerson);
}
