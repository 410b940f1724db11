using System.Globalization;
using System.Text.Json;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Triggers;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Activities;

/// <summary>
/// Proves the kill switch: the flag exists, exposes nobody, and an OFF write is accepted and reads back. The write is the flag's own
/// content, so it changes nothing.
/// </summary>
public sealed class ProveKillSwitch(IFlagStore flags) : IActivity<KillSwitchInput, GateOutput>
{
    /// <inheritdoc/>
    public async Task<GateOutput> RunAsync(KillSwitchInput input, CancellationToken cancellation)
    {
        var key = input.Flag.Key;
        try
        {
            if (await flags.ReadAsync(key, cancellation) is not { } before)
            {
                return new GateOutput(GateStatus.Fail, $"flag {key} does not exist; expected it to exist and be off");
            }

            if (before.Enabled && before.Exposure > Percentage.Zero)
            {
                return new GateOutput(GateStatus.Fail, $"flag {key} is at {before.Exposure}; expected off before the first stage");
            }

            if (input.Flag.KillSwitch == false)
            {
                return new GateOutput(GateStatus.Fail, $"flag {key} is declared without a kill switch; turning it off must bring the old behaviour back");
            }

            var write = await flags.RestoreAsync(key, before.Json, before.ETag, cancellation);
            var after = await flags.ReadAsync(key, cancellation);
            return write.Written && after is not null && (!after.Enabled || after.Exposure == Percentage.Zero)
                ? new GateOutput(GateStatus.Pass, $"flag {key} is off, and an off write was accepted and read back")
                : new GateOutput(GateStatus.Fail, $"flag {key}: the off write was not accepted; found {after?.Exposure.ToString() ?? "no flag"}");
        }
        catch (PortUnavailableException error)
        {
            return new GateOutput(GateStatus.Fail, error.Message);
        }
    }
}

/// <summary>Asks an HTTP endpoint and compares status and time with what is expected.</summary>
public sealed class ProbeGate(IProbe probe) : IActivity<ProbeInput, GateOutput>
{
    /// <inheritdoc/>
    public async Task<GateOutput> RunAsync(ProbeInput input, CancellationToken cancellation)
    {
        // A little longer than allowed, so that "too slow" is told from "no answer".
        var result = await probe.GetAsync(input.Url, input.Within + TimeSpan.FromSeconds(2), cancellation);
        var expected = input.ExpectStatus is { } status ? status.ToString(CultureInfo.InvariantCulture) : "2xx";
        if (result.Status is not { } found) return new GateOutput(GateStatus.Fail, $"no answer: {result.Error}; expected {expected}", result.LatencyMs);
        if (input.ExpectStatus is { } wanted ? found != wanted : found is < 200 or > 299)
        {
            return new GateOutput(GateStatus.Fail, $"answered {found}, expected {expected}", result.LatencyMs);
        }

        var limit = input.Within.TotalMilliseconds;
        return result.LatencyMs <= limit
            ? new GateOutput(GateStatus.Pass, string.Create(CultureInfo.InvariantCulture, $"answered {found} in {result.LatencyMs:0} ms"), result.LatencyMs)
            : new GateOutput(GateStatus.Fail, string.Create(CultureInfo.InvariantCulture, $"answered {found} in {result.LatencyMs:0} ms, expected within {limit:0} ms"), result.LatencyMs);
    }
}

/// <summary>Reads a security scan's result and compares with its bar. A missing result is never a pass.</summary>
public sealed class ScanGate(IProbe probe) : IActivity<ScanInput, GateOutput>
{
    /// <inheritdoc/>
    public async Task<GateOutput> RunAsync(ScanInput input, CancellationToken cancellation)
    {
        var scan = input.Scan;
        int? high = scan.High, critical = scan.Critical;
        if (scan.Url is { } url)
        {
            var result = await probe.GetAsync(url, TimeSpan.FromSeconds(10), cancellation);
            if (result.Status is not 200) return new GateOutput(GateStatus.Fail, $"the scan result was not readable: {result.Status?.ToString(CultureInfo.InvariantCulture) ?? result.Error}");
            try
            {
                using var json = JsonDocument.Parse(result.Body);
                high = json.RootElement.GetProperty("high").GetInt32();
                critical = json.RootElement.GetProperty("critical").GetInt32();
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                return new GateOutput(GateStatus.Fail, "the scan result is not JSON with the numbers high and critical");
            }
        }

        if (high is null && critical is not > 0) return new GateOutput(GateStatus.Warning, "no scan result is stated; a missing scan is not a pass");
        return high > scan.MaxHigh || critical > 0
            ? new GateOutput(GateStatus.Fail, $"{critical ?? 0} critical and {high ?? 0} high findings, at most 0 and {scan.MaxHigh} are allowed")
            : new GateOutput(GateStatus.Pass, $"{critical ?? 0} critical and {high} high findings, at most 0 and {scan.MaxHigh} are allowed");
    }
}

/// <summary>
/// Whether telemetry answers, and whether the present version is healthy: a baseline that is already beyond a limit would be rolled back
/// for ever (X61).
/// </summary>
public sealed class BaselineGate(IMetricSource metrics) : IActivity<BaselineInput, GateOutput>
{
    /// <inheritdoc/>
    public async Task<GateOutput> RunAsync(BaselineInput input, CancellationToken cancellation)
    {
        try
        {
            var rows = await metrics.ReadAsync(input.Plan.Watch, input.From, input.To, cancellation);
            var samples = rows.SelectMany(row => new[] { row.Canary, row.Control }).OfType<ArmSample>().ToList();
            if (samples.Sum(sample => sample.Requests) == 0)
            {
                return new GateOutput(GateStatus.Fail, string.Create(CultureInfo.InvariantCulture, $"telemetry answers, but service {input.Plan.Watch.Service} sent no request between {input.From.UtcDateTime:HH:mm:ss}Z and {input.To.UtcDateTime:HH:mm:ss}Z"));
            }

            var pool = samples.Aggregate((left, right) => left.Add(right));
            foreach (var trigger in input.Plan.Triggers.Where(trigger => trigger.Action == TriggerAction.AutoRollback))
            {
                var metric = TriggerMetric.Of(trigger.Metric);
                if (metric.Bound(pool, trigger.Above is not null) is not { } bound) continue;
                var limit = (double)(trigger.Above ?? trigger.Below ?? 0);
                if (trigger.Above is not null ? bound > limit : bound < limit)
                {
                    return new GateOutput(GateStatus.Fail, string.Create(CultureInfo.InvariantCulture, $"the present version is already beyond {trigger.Name}: {trigger.Metric} {metric.Value(pool):0.##} over {pool.Requests:N0} requests, limit {limit:0.##}"));
                }
            }

            return new GateOutput(GateStatus.Pass, string.Create(CultureInfo.InvariantCulture, $"{pool.Requests:N0} requests seen, {pool.Requests / (input.To - input.From).TotalSeconds:0.##} a second, error rate {100.0 * pool.Errors / pool.Requests:0.###} %, success rate {100.0 * (pool.Requests - pool.Errors) / pool.Requests:0.###} %, p95 {pool.Latency.Percentile(0.95):0} ms"));
        }
        catch (PortUnavailableException error)
        {
            return new GateOutput(GateStatus.Fail, error.Message);
        }
    }
}
