using System.Globalization;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Core.Aftercare;

/// <summary>Whether everybody fares well half an hour after a release has completed; pure.</summary>
public static class CompletionCheck
{
    /// <summary>When it is measured, after the end.</summary>
    public static readonly TimeSpan After = TimeSpan.FromMinutes(30);

    /// <summary>The error rate in percent that must not be reached: 1, or the release's own limit where that is stricter.</summary>
    public static decimal Limit(ReleasePlan plan) => Math.Min(
        1m, plan.Triggers.Where(trigger => trigger is { Metric: MetricNames.ErrorRate, Above: not null, Action: not TriggerAction.Alert }).Select(trigger => trigger.Above!.Value).DefaultIfEmpty(1m).Min());

    /// <summary>What the observations say.</summary>
    /// <param name="plan">The plan, for its limit.</param>
    /// <param name="rows">The observations in [from, to) of everybody.</param>
    /// <param name="problem">Why there are none; may be empty.</param>
    /// <param name="from">Start of the first interval.</param>
    /// <param name="to">End of the last one, exclusive.</param>
    public static CompletionChecked Judge(ReleasePlan plan, IReadOnlyList<Observation> rows, string problem, DateTimeOffset from, DateTimeOffset to)
    {
        var samples = rows.SelectMany(row => new[] { row.Canary, row.Control }).OfType<ArmSample>().ToList();
        var (requests, errors) = (samples.Sum(sample => sample.Requests), samples.Sum(sample => sample.Errors));
        if (requests == 0) return new CompletionChecked(from, to, LookStatus.Blind, problem.Length > 0 ? $"the error rate could not be measured: {problem}" : "the error rate could not be measured: no request was seen");
        var limit = Limit(plan);
        var bad = 100m * errors >= limit * requests;
        return new CompletionChecked(from, to, bad ? LookStatus.Bad : LookStatus.Good, string.Create(
            CultureInfo.InvariantCulture, $"error rate {100.0 * errors / requests:0.###} % over {requests:N0} requests, {(bad ? "not below" : "below")} {limit:0.###} %"));
    }
}
