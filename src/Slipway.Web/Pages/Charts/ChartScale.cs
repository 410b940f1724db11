namespace Slipway.Web.Pages.Charts;

/// <summary>From moments and values to places in the drawing. Pure.</summary>
/// <param name="From">The left edge.</param>
/// <param name="To">The right edge, after <paramref name="From"/>.</param>
/// <param name="Most">The value at the top; the bottom is <paramref name="Least"/>.</param>
/// <param name="Least">The value at the bottom.</param>
/// <param name="RowLength">How long one row is.</param>
internal sealed record ChartScale(DateTimeOffset From, DateTimeOffset To, double Most, double Least, TimeSpan RowLength)
{
    private static readonly TimeSpan[] Units =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromDays(1), TimeSpan.FromDays(7),
    ];

    /// <summary>How a time tick is written.</summary>
    public string TimeFormat => RowLength < TimeSpan.FromMinutes(1) ? "HH:mm:ss" : To - From > TimeSpan.FromDays(2) ? "MM-dd HH:mm" : "HH:mm";

    private double Inner => EvidenceChart.Width - EvidenceChart.Left - EvidenceChart.Right;

    private double Tall => EvidenceChart.Height - EvidenceChart.Top - EvidenceChart.Bottom;

    /// <summary>The scale of rows. One wild band must not press everything else flat: the top is where all lines and the limit are seen, and at
    /// most three times that for the bands.</summary>
    /// <param name="rows">What is drawn.</param>
    /// <param name="length">How long one row is.</param>
    /// <param name="limit">The limit; null: none.</param>
    /// <param name="decided">When it was decided to go back, which may be a little after the newest row; null: it was not.</param>
    public static ChartScale Of(List<ChartRow> rows, TimeSpan length, double? limit, DateTimeOffset? decided)
    {
        var values = rows.SelectMany(row => new[] { row.Canary, row.Control }).OfType<ChartValue>().ToList();
        var highest = Math.Max(values.Max(value => value.Value), limit ?? 0);
        var bands = values.Max(value => value.High);
        var lowest = Math.Min(0, values.Min(value => value.Low));
        var most = Math.Max(highest * 1.1, Math.Min(bands, highest * 3));
        var end = rows[^1].Start + length;
        if (decided is { } at && at > end && at - end <= (end - rows[0].Start) / 4) end = at;
        return new ChartScale(rows[0].Start, end, most > lowest ? most : lowest + 1, lowest, length);
    }

    /// <summary>The place of a moment.</summary>
    public double X(DateTimeOffset at) => Math.Round(EvidenceChart.Left + (Inner * Math.Clamp((at - From) / (To - From), 0, 1)), 1);

    /// <summary>The middle of a row.</summary>
    public double Middle(ChartRow row) => X(row.Start + (RowLength / 2));

    /// <summary>The place of a value; what is beyond the edges is drawn at them.</summary>
    public double Y(double value) => Math.Round(EvidenceChart.Top + (Tall * (1 - Math.Clamp((value - Least) / (Most - Least), 0, 1))), 1);

    /// <summary>Round values for the axis, three to six.</summary>
    public IEnumerable<double> Steps()
    {
        var rough = (Most - Least) / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
        for (var value = Math.Ceiling(Least / step) * step; value <= Most; value += step) yield return Math.Round(value, 6);
    }

    /// <summary>Round moments for the axis, at most seven.</summary>
    public IEnumerable<DateTimeOffset> Moments()
    {
        var span = To - From;
        var unit = Units.FirstOrDefault(unit => span / unit <= 7, span / 6);
        for (var at = new DateTimeOffset(From.UtcTicks - (From.UtcTicks % unit.Ticks), TimeSpan.Zero) + unit; at < To; at += unit) yield return at;
    }
}
