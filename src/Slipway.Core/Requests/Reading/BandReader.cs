using System.Globalization;

namespace Slipway.Core.Requests.Reading;

/// <summary>Reads the values beside a limit, which have to lie in order: baseline, target, warning, limit, each no better than the one before.</summary>
internal static class BandReader
{
    /// <summary>The band; null where none of its values is stated.</summary>
    /// <param name="section">The guardrail.</param>
    /// <param name="kind">How target and warning are written.</param>
    /// <param name="usual">How a baseline is written.</param>
    /// <param name="limitKey">The key of the limit.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="higherIsWorse">Which way is worse.</param>
    /// <param name="unit">For problems.</param>
    public static MetricBand? Read(
        SectionReader section, ScalarKind<decimal> kind, ScalarKind<decimal> usual, string limitKey, decimal limit, bool higherIsWorse, string unit)
    {
        var band = new MetricBand(section.Maybe("baseline", usual), section.Maybe("target", kind), section.Maybe("warning", kind));
        (string Key, decimal Value) worse = (limitKey, limit);
        foreach (var (key, stated) in ((string, decimal?)[])[("warning", band.Warning), ("target", band.Target), ("baseline", band.Baseline)])
        {
            if (stated is not { } value) continue;
            if (higherIsWorse ? value > worse.Value : value < worse.Value)
            {
                section.Report(key, Text(value), $"{(higherIsWorse ? "at most" : "at least")} the {worse.Key}, {Text(worse.Value)}");
            }

            worse = (key, value);
        }

        return band == new MetricBand() ? null : band;

        string Text(decimal value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.######} {unit}");
    }
}
