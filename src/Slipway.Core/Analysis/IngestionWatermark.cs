using System.Globalization;
using Slipway.Core.Requests;

namespace Slipway.Core.Analysis;

/// <summary>
/// How far telemetry had come in when its source was asked. Nothing is judged by it: that rows are late is found by asking again. It is what a
/// person who watches wants to know first when numbers stand still.
/// </summary>
/// <param name="Newest">The time of the newest row, of whichever arm.</param>
/// <param name="Lag">How long rows took to come in, 95 % of them no longer; null: the source does not say.</param>
public sealed record IngestionWatermark(DateTimeOffset Newest, TimeSpan? Lag = null)
{
    /// <summary>How far telemetry is complete, and how far behind a moment that is.</summary>
    public string Sentence(DateTimeOffset at) => Lag is { } lag
        ? $"telemetry complete to {Time}, {Age(at)} behind; 95 % of its rows come within {Rounded(lag)}"
        : $"telemetry complete to {Time}, {Age(at)} behind";

    /// <summary>How old the last seen data are at a moment, for the reason of lost sight.</summary>
    public string LastSeen(DateTimeOffset at) => $"the newest row seen is of {Time}, {Age(at)} old";

    /// <summary>The newer of two; of the same age, the later answer. A row that claims to be of a moment that has not come yet is of now.</summary>
    /// <param name="before">What was known; null: nothing.</param>
    /// <param name="answer">The newest answer; null: the source did not say.</param>
    /// <param name="now">When it answered.</param>
    public static IngestionWatermark? Newer(IngestionWatermark? before, IngestionWatermark? answer, DateTimeOffset now)
    {
        if (answer is null) return before;
        if (answer.Newest > now) answer = answer with { Newest = now };
        return before is null || answer.Newest >= before.Newest ? answer : before;
    }

    private string Time => string.Create(CultureInfo.InvariantCulture, $"{Newest.UtcDateTime:HH:mm:ss}Z");

    private string Age(DateTimeOffset at) => Rounded(at - Newest);

    private static string Rounded(TimeSpan time) => DurationText.Format(TimeSpan.FromSeconds(Math.Max(0, Math.Round(time.TotalSeconds))));
}
