using System.Text.Json;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>An engine as the contract drives it: in virtual time, or in real time with durations of a few hundred milliseconds.</summary>
internal interface IEngineUnderTest : IAsyncDisposable
{
    Task StartAsync<TInput, TOutput>(WorkflowName<TInput, TOutput> workflow, string id, TInput input);

    Task SignalAsync(string id, string name, string payload);

    /// <summary>Completes when the instance has published this status.</summary>
    Task UntilStatusAsync(string id, string status);

    /// <summary>Completes when the instance is over.</summary>
    Task<EndedInstance> EndAsync(string id);

    /// <summary>The status published last, as JSON.</summary>
    Task<JsonElement?> StatusAsync(string id);
}

/// <summary>How an instance ended.</summary>
internal sealed record EndedInstance(bool Completed, JsonElement? Output, string ErrorType, string ErrorMessage)
{
    public string Text => Completed ? Output!.Value.GetString()! : $"failed: {ErrorType}: {ErrorMessage}";
}

/// <summary>What every part of the contract needs.</summary>
public abstract class EngineContractBase
{
    private protected WorkflowRegistry Registry { get; } = new();

    private protected abstract Task<IEngineUnderTest> StartEngineAsync(WorkflowRegistry registry);

    /// <summary>Runs one instance named <c>one</c> to its end.</summary>
    private protected async Task<EndedInstance> RunOne<TInput, TOutput>(WorkflowName<TInput, TOutput> workflow, TInput input)
    {
        await using var engine = await StartEngineAsync(Registry);
        await engine.StartAsync(workflow, "one", input);
        return await engine.EndAsync("one");
    }

    private protected static async Task<string> Caught(Func<Task<string>> act)
    {
        try
        {
            return await act();
        }
        catch (ActivityFailedException error)
        {
            return $"{error.Name} | {error.ErrorType} | {error.ErrorMessage}";
        }
    }
}
