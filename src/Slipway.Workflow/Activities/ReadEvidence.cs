using Slipway.Core.Gates;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Activities;

/// <summary>Input of <see cref="ReleaseActivities.ReadEvidence"/>.</summary>
public sealed record EvidenceInput(Uri Url);

/// <summary>What the address answered.</summary>
public sealed record EvidenceOutput(EvidenceRead Read);

/// <summary>Asks an address for what another system found; what that means is decided elsewhere. No answer is an answer too.</summary>
public sealed class ReadEvidence(IProbe probe) : IActivity<EvidenceInput, EvidenceOutput>
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<EvidenceOutput> RunAsync(EvidenceInput input, CancellationToken cancellation)
    {
        var result = await probe.GetAsync(input.Url, Within, cancellation);
        return new EvidenceOutput(new EvidenceRead(result.Status, result.Body, result.Error));
    }
}
