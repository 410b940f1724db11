using System.Globalization;
using System.Text;
using Slipway.Core.Analysis;
using Slipway.Rehearsal.Randomness;
using Slipway.Rehearsal.Traffic;

namespace Slipway.Rehearsal.Tests.Backtesting;

/// <summary>Recordings that are drawn from seeds: those of the samples, and those that tests need.</summary>
internal sealed record SampleRecordings
{
    /// <summary>The first interval of every sample.</summary>
    public static readonly DateTimeOffset From = new(2026, 11, 3, 0, 0, 0, TimeSpan.Zero);

    public int Seed { get; init; } = 1;

    public int Minutes { get; init; } = 720;

    public double Rps { get; init; } = 40;

    public double ErrorRate { get; init; } = 0.002;

    public double LatencyP95 { get; init; } = 180;

    public IReadOnlyList<string> Regions { get; init; } = ["global"];

    /// <summary>The share of a canary of its own; 0: the recording has no arms.</summary>
    public double Canary { get; init; }

    /// <summary>From and until which minute something is wrong with everybody, or with the canary where there is one.</summary>
    public (int From, int Until)? Incident { get; init; }

    /// <summary>How many times the errors the incident has.</summary>
    public double IncidentErrors { get; init; } = 1;

    /// <summary>How many times the latency the incident has.</summary>
    public double IncidentLatency { get; init; } = 1;

    /// <summary>Rows as CSV, with the titles that the README names.</summary>
    public string Csv()
    {
        var text = new StringBuilder(Canary > 0 ? "start,region,arm,requests,failures,latency\n" : "start,region,requests,failures,latency\n");
        foreach (var (start, region, arm, sample) in Rows())
            text.Append(CultureInfo.InvariantCulture, $"{start.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ},{region},{(arm is null ? "" : $"{arm},")}{sample.Requests},{sample.Errors},\"{Histogram(sample.Latency).Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n");
        return text.ToString();
    }

    /// <summary>Rows as JSON lines.</summary>
    public string Jsonl()
    {
        var text = new StringBuilder();
        foreach (var (start, region, arm, sample) in Rows())
            text.Append(CultureInfo.InvariantCulture, $"{{\"start\":\"{start.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\",\"region\":\"{region}\",{(arm is null ? "" : $"\"arm\":\"{arm}\",")}\"requests\":{sample.Requests},\"failures\":{sample.Errors},\"latency\":{Histogram(sample.Latency)}}}\n");
        return text.ToString();
    }

    public IEnumerable<(DateTimeOffset Start, string Region, string? Arm, ArmSample Sample)> Rows()
    {
        var shape = new LatencyShape(LatencyP95);
        for (var minute = 0; minute < Minutes; minute++)
        {
            var start = From + TimeSpan.FromMinutes(minute);

            // Twice as much in the middle of the day as at midnight.
            var traffic = 60 * Rps / Regions.Count * (1 + ((720 - Math.Abs((minute % 1440) - 720)) / 720.0)) / 1.5;
            foreach (var (index, region) in Regions.Index())
            {
                var wrong = Incident is { } incident && minute >= incident.From && minute < incident.Until;
                if (Canary > 0)
                {
                    yield return (start, region, "canary", Draw(shape, minute, index, 1, traffic * Canary, wrong));
                    yield return (start, region, "control", Draw(shape, minute, index, 0, traffic * (1 - Canary), false));
                }
                else
                {
                    yield return (start, region, null, Draw(shape, minute, index, 2, traffic, wrong));
                }
            }
        }
    }

    private ArmSample Draw(LatencyShape shape, int minute, int region, int arm, double mean, bool wrong)
    {
        var random = new RandomStream(RandomStream.KeyOf(RandomStream.KeyOf(RandomStream.KeyOf((ulong)Seed, region), arm), minute));
        var requests = Draws.Poisson(ref random, mean);
        return new ArmSample
        {
            Requests = requests,
            Errors = Draws.Binomial(ref random, requests, ErrorRate * (wrong ? IncidentErrors : 1)),
            Latency = shape.Draw(ref random, requests, wrong ? IncidentLatency : 1, []).Latency,
        };
    }

    private static string Histogram(LatencyHistogram latency) => $"{{{string.Join(",", latency.Counts.Select(bucket => FormattableString.Invariant($"\"{bucket.Key}\":{bucket.Value}")))}}}";
}
