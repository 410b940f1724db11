using System.Globalization;
using Slipway.Core.Analysis.Triggers;
using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Core.Analysis;

/// <summary>
/// Whether the metrics say that a compensation level brought the service back: the requests of everybody, pooled over a few intervals
/// after applications have refreshed, against the plan's rollback limits. Pure.
/// </summary>
public static class RecoveryJudge
{
    /// <summary>How many intervals are looked at.</summary>
    public const int Intervals = 2;

    /// <summary>A smaller share of requests than this in percent may be stragglers.</summary>
    private const int StragglerPercent = 1;

    /// <summary>Whether the new version still answers more than a straggling request in a hundred. No data says nothing.</summary>
    private static bool StillExposed(IReadOnlyList<Observation> observations)
    {
        var canary = observations.Sum(row => row.Canary?.Requests ?? 0);
        return 100 * canary > StragglerPercent * (canary + observations.Sum(row => row.Control?.Requests ?? 0));
    }

    /// <summary>
    /// What speaks against recovery, and what could not be confirmed. No data is not taken as failure: a further level would redeploy
    /// code on the ground of having seen nothing.
    /// </summary>
    /// <param name="plan">The plan with its triggers.</param>
    /// <param name="observations">Intervals after the level was read back and propagated.</param>
    /// <param name="problem">Why telemetry did not answer; empty when it did.</param>
    public static RecoveryJudgement Judge(ReleasePlan plan, IReadOnlyList<Observation> observations, string problem)
    {
        var samples = observations.SelectMany(row => new[] { row.Canary, row.Control }).OfType<ArmSample>().Where(sample => sample.Requests > 0).ToList();
        if (problem.Length > 0) return new([], [$"metrics after the level are not confirmed: {problem}"]);
        if (samples.Count == 0) return new([], ["metrics after the level are not confirmed: no requests were seen"]);

        var pool = samples.Aggregate((left, right) => left.Add(right));
        var bad = new List<string>();
        foreach (var trigger in plan.Triggers.Where(trigger => trigger.Action == TriggerAction.AutoRollback))
        {
            var above = trigger.Above is not null;
            var metric = TriggerMetric.Of(trigger.Metric);
            if (metric.Bound(pool, above) is not { } bound) continue;
            var limit = (double)(trigger.Above ?? trigger.Below ?? 0);
            if (above ? bound <= limit : bound >= limit) continue;
            bad.Add(string.Create(CultureInfo.InvariantCulture, $"{trigger.Metric} is still {metric.Value(pool):0.##} over {pool.Requests:N0} requests of all users, limit {limit:0.##}"));
        }

        return new(bad, bad.Count > 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"metrics confirm it: error rate {100.0 * pool.Errors / pool.Requests:0.##} %, p95 {pool.Latency.Percentile(0.95):0} ms over {pool.Requests:N0} requests of all users")], StillExposed(observations));
    }
}

/// <summary>What speaks against recovery, what else is worth saying, and whether the new version still answers users.</summary>
public sealed record RecoveryJudgement(IReadOnlyList<string> Bad, IReadOnlyList<string> Notes, bool StillExposed = false)
{
    /// <summary>The same, each line with the environment that it is about.</summary>
    /// <param name="suffix">For example <c> in staging</c>; empty: unchanged.</param>
    public RecoveryJudgement Named(string suffix) =>
        suffix.Length == 0 ? this : new([.. Bad.Select(line => line + suffix)], [.. Notes.Select(line => line + suffix)], StillExposed);
}
