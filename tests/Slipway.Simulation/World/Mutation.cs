using System.Text.Json;
using Slipway.Workflow.Engine;

namespace Slipway.Simulation.World;

/// <summary>A bug planted into the product, by changing what one of its activities is asked or answers. Only for showing that it is found.</summary>
/// <param name="Name">What it is, in a few words.</param>
/// <param name="Activity">The persisted name of the activity.</param>
/// <param name="Change">Given the input and the true activity, answers in its place.</param>
internal sealed record Mutation(string Name, string Activity, Func<JsonElement, Func<JsonElement, Task<JsonElement>>, Task<JsonElement>> Change)
{
    /// <summary>Plants it.</summary>
    public void WrapInto(WorkflowRegistry registry)
    {
        var activities = (IDictionary<string, RegisteredActivity>)registry.Activities;
        var inner = activities[Activity].Run;
        activities[Activity] = new RegisteredActivity(Activity, (input, cancellation) => Change(input, changed => inner(changed, cancellation)));
    }

    /// <summary>A bug in an activity's input.</summary>
    public static Mutation Asks<TInput, TOutput>(string name, ActivityName<TInput, TOutput> activity, Func<TInput, TInput> change) =>
        new(name, activity.Value, (input, run) => run(WorkflowRegistry.ToJson(change(WorkflowRegistry.FromJson<TInput>(input)))));

    /// <summary>A bug in an activity's output.</summary>
    public static Mutation Answers<TInput, TOutput>(string name, ActivityName<TInput, TOutput> activity, Func<TInput, TOutput, TOutput> change) => new(name, activity.Value, async (input, run) =>
        WorkflowRegistry.ToJson(change(WorkflowRegistry.FromJson<TInput>(input), WorkflowRegistry.FromJson<TOutput>(await run(input)))));

    /// <summary>A bug that does something else altogether.</summary>
    public static Mutation Instead<TInput, TOutput>(string name, ActivityName<TInput, TOutput> activity, Func<TInput, TOutput> does) =>
        new(name, activity.Value, (input, _) => Task.FromResult(WorkflowRegistry.ToJson(does(WorkflowRegistry.FromJson<TInput>(input)))));
}
