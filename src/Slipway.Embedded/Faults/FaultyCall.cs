using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Faults;

/// <summary>What the faulty adapters have in common: failing before the call, or after it.</summary>
internal static class FaultyCall
{
    public static async Task<T> RunAsync<T>(
        FaultPlan plan,
        string system,
        string operation,
        string target,
        Func<Task<T>> call,
        CancellationToken cancellation,
        Func<Task<T>>? conflict = null,
        Func<Task<T>>? late = null)
    {
        switch (await plan.NextAsync(operation, target, cancellation))
        {
            case FaultEffect.Unavailable:
                throw new PortUnavailableException(system, FaultPlan.Message(operation));
            case FaultEffect.Conflict when conflict is not null:
                return await conflict();
            case FaultEffect.Late when late is not null:
                return await late();
            case FaultEffect.AnswerLost:
                await call();
                throw new PortUnavailableException(system, $"{FaultPlan.Message(operation)}: the answer was lost");
            default:
                return await call();
        }
    }
}
