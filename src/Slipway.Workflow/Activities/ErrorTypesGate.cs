using System.Globalization;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Activities;

/// <summary>Whether kinds of errors come since a deployment that did not come before it, in whatever version.</summary>
public sealed class ErrorTypesGate(IMetricSource metrics) : IActivity<ErrorTypesInput, GateOutput>
{
    /// <summary>How many kinds are named.</summary>
    private const int MostNamed = 5;

    /// <inheritdoc/>
    public async Task<GateOutput> RunAsync(ErrorTypesInput input, CancellationToken cancellation)
    {
        try
        {
            var before = await Types(input.Before, input.From);
            var since = await Types(input.From, input.To);
            var added = since.Except(before).Order(StringComparer.Ordinal).ToList();
            return added.Count == 0
                ? new GateOutput(GateStatus.Pass, string.Create(CultureInfo.InvariantCulture, $"no kind of error is new since the deployment ({since.Count} since {input.From.UtcDateTime:HH:mm:ss}Z, {before.Count} before)"))
                : new GateOutput(GateStatus.Fail, string.Create(CultureInfo.InvariantCulture, $"new kinds of errors since the deployment: {string.Join(", ", added.Take(MostNamed))}{(added.Count > MostNamed ? $" and {added.Count - MostNamed} more" : "")}"));
        }
        catch (PortUnavailableException error)
        {
            return new GateOutput(GateStatus.Warning, error.Message);
        }

        async Task<HashSet<string>> Types(DateTimeOffset from, DateTimeOffset to)
        {
            var rows = await metrics.ReadAsync(input.Plan.Watch, from, to, cancellation);
            return [.. rows.SelectMany(row => new[] { row.Canary, row.Control }).OfType<ArmSample>().SelectMany(sample => sample.ErrorTypes)];
        }
    }
}
