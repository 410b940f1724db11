using Slipway.Core.Analysis;

namespace Slipway.Core.Tests.Analysis;

public sealed class IngestionWatermarkTests
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_says_how_far_telemetry_is_complete_and_how_far_behind_that_is()
    {
        var watermark = new IngestionWatermark(Nine);
        Assert.Equal("telemetry complete to 09:00:00Z, 4m behind", watermark.Sentence(Nine.AddMinutes(4)));
        Assert.Equal("telemetry complete to 09:00:00Z, 4m30s behind; 95 % of its rows come within 42s", (watermark with { Lag = TimeSpan.FromSeconds(42.3) }).Sentence(Nine.AddMinutes(4.5)));
        Assert.Equal("the newest row seen is of 09:00:00Z, 1h5m old", watermark.LastSeen(Nine.AddMinutes(65)));
        Assert.Equal("telemetry complete to 09:00:00Z, 0s behind", watermark.Sentence(Nine.AddSeconds(-5)));
    }

    [Fact]
    public void Newer_KeepsWhatIsKnownAndNeverGoesBackOrAhead()
    {
        var known = new IngestionWatermark(Nine);
        Assert.Equal(known, IngestionWatermark.Newer(known, null, Nine.AddMinutes(1)));
        Assert.Equal(known, IngestionWatermark.Newer(null, known, Nine));
        Assert.Equal(known, IngestionWatermark.Newer(known, new IngestionWatermark(Nine.AddSeconds(-1)), Nine.AddMinutes(1)));
        Assert.Equal(new IngestionWatermark(Nine, TimeSpan.FromSeconds(9)), IngestionWatermark.Newer(known, new IngestionWatermark(Nine, TimeSpan.FromSeconds(9)), Nine.AddMinutes(1)));
        Assert.Equal(new IngestionWatermark(Nine.AddMinutes(1)), IngestionWatermark.Newer(known, new IngestionWatermark(Nine.AddHours(1)), Nine.AddMinutes(1)));
        Assert.Null(IngestionWatermark.Newer(null, null, Nine));
    }
}
