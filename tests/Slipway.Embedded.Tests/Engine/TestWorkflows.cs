using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

/// <summary>A workflow from a function.</summary>
internal sealed class FunctionWorkflow<TInput, TOutput>(Func<IWorkflowContext, TInput, Task<TOutput>> run) : IWorkflow<TInput, TOutput>
{
    public Task<TOutput> RunAsync(IWorkflowContext context, TInput input) => run(context, input);
}

/// <summary>An activity from a function.</summary>
internal sealed class FunctionActivity<TInput, TOutput>(Func<TInput, CancellationToken, Task<TOutput>> run) : IActivity<TInput, TOutput>
{
    public Task<TOutput> RunAsync(TInput input, CancellationToken cancellation) => run(input, cancellation);
}

internal static class RegistryOfFunctions
{
    public static WorkflowName<TInput, TOutput> Workflow<TInput, TOutput>(
        this WorkflowRegistry registry, string name, Func<IWorkflowContext, TInput, Task<TOutput>> run)
    {
        var typed = new WorkflowName<TInput, TOutput>(name);
        registry.Add(typed, () => new FunctionWorkflow<TInput, TOutput>(run));
        return typed;
    }

    public static ActivityName<TInput, TOutput> Activity<TInput, TOutput>(
        this WorkflowRegistry registry, string name, Func<TInput, CancellationToken, Task<TOutput>> run)
    {
        var typed = new ActivityName<TInput, TOutput>(name);
        registry.Add(typed, new FunctionActivity<TInput, TOutput>(run));
        return typed;
    }

    public static ActivityName<TInput, TOutput> Activity<TInput, TOutput>(this WorkflowRegistry registry, string name, Func<TInput, TOutput> run) =>
        registry.Activity<TInput, TOutput>(name, (input, _) => Task.FromResult(run(input)));
}
