using Slipway.Core.Ledgers;
using Slipway.Core.Requests;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Activities;

/// <summary>Input of <see cref="ReleaseActivities.AskGates"/>.</summary>
public sealed record AskGatesInput(IReadOnlyList<HttpGateSpec> Gates);

/// <summary>One result a gate, in the order of the question.</summary>
public sealed record AskGatesOutput(IReadOnlyList<GateOutput> Results);

/// <summary>Asks HTTP gates, all at the same time: any 2xx within ten seconds passes. An answer that is missing is a failure, never an error.</summary>
public sealed class AskGates(IProbe probe) : IActivity<AskGatesInput, AskGatesOutput>
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private readonly ProbeGate _gate = new(probe);

    /// <inheritdoc/>
    public async Task<AskGatesOutput> RunAsync(AskGatesInput input, CancellationToken cancellation) =>
        new(await Task.WhenAll(input.Gates.Select(gate => AskAsync(gate, cancellation))));

    private async Task<GateOutput> AskAsync(HttpGateSpec gate, CancellationToken cancellation)
    {
        try
        {
            return await _gate.RunAsync(new ProbeInput(gate.Url, null, Within), cancellation);
        }
        catch (PortUnavailableException error)
        {
            return new GateOutput(GateStatus.Fail, error.Message);
        }
    }
}
