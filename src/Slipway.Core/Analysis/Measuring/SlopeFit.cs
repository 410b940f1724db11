namespace Slipway.Core.Analysis.Measuring;

/// <summary>A straight line through values over time, by least squares.</summary>
/// <param name="PerHour">Its slope, a unit an hour.</param>
/// <param name="Error">The slope's standard error; 0 where the values lie on the line.</param>
public readonly record struct SlopeFit(double PerHour, double Error)
{
    /// <summary>The line; null with fewer than three values.</summary>
    /// <param name="parts">The values, oldest first.</param>
    public static SlopeFit? Of(IReadOnlyList<MeasuredPart> parts)
    {
        if (parts.Count < 3) return null;
        var origin = parts[0].Start;
        var (hours, values) = (0.0, 0.0);
        foreach (var part in parts)
        {
            hours += Hours(part, origin);
            values += part.Sum / part.Count;
        }

        var (meanHour, mean) = (hours / parts.Count, values / parts.Count);
        var (spread, product) = (0.0, 0.0);
        foreach (var part in parts)
        {
            var hour = Hours(part, origin) - meanHour;
            spread += hour * hour;
            product += hour * ((part.Sum / part.Count) - mean);
        }

        if (spread <= 0) return null;
        var slope = product / spread;
        var residual = 0.0;
        foreach (var part in parts)
        {
            var off = (part.Sum / part.Count) - mean - (slope * (Hours(part, origin) - meanHour));
            residual += off * off;
        }

        return new SlopeFit(slope, Math.Sqrt(residual / (parts.Count - 2) / spread));
    }

    private static double Hours(MeasuredPart part, DateTimeOffset origin) => (part.Start - origin).TotalHours + ((part.Until - part.Start).TotalHours / 2);
}
