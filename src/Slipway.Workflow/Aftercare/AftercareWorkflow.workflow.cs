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

    /// <summary>The instance that looks after a release.</summary>
    public static string InstanceOf(ReleaseId release) => $"{release}/aftercare";

    /// <inheritdoc/>
    public async Task<AftercareOutput> RunAsync(IWorkflowContext context, AftercareInput input)
    {
        var loaded = await context.Insist(() => context.RunActivity(ReleaseActivities.Load, new LoadInput(input.Release)));
        var brief = await context.Insist(() => context.RunActivity(ReleaseActivities.AftercareBrief, input));
        return brief.Checkpoints.Count == 0 ? new AftercareOutput(0) : await new AftercareRun(context, input, loaded, brief).RunAsync();
    }
}
