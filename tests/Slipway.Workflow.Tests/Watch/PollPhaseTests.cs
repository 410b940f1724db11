using System.Text.Json;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;
using Slipway.Core.Tests.Ledgers;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Watch;

namespace Slipway.Workflow.Tests.Watch;

public class PollPhaseTests
{
    private static readonly ReleaseId Search = ReleaseId.Parse("search-2.4.0");

    private static readonly WatchPlan Watch = SampleRequests.Plan().Watch with { Source = TelemetrySource.LogAnalytics, Interval = TimeSpan.FromMinutes(1) };

    [Fact]
    public void Of_TheSameRelease_IsTheSameOnEveryHost()
    {
        // Written down: it must not change for releases under way.
        Assert.Equal(TimeSpan.FromSeconds(21), PollPhase.Of(Search, 0, Watch));
        Assert.Equal(PollPhase.Of(Search, 0, Watch), PollPhase.Of(ReleaseId.Parse("search-2.4.0"), 0, Watch));
        Assert.NotEqual(PollPhase.Of(Search, 0, Watch), PollPhase.Of(Search, 1, Watch));
    }

    [Fact]
    public void Of_ManyReleases_FillsTheFirstHalfOfTheIntervalEvenly()
    {
        var phases = Enumerable.Range(0, 3000).Select(number => PollPhase.Of(ReleaseId.Parse($"search-2.4.{number}"), 0, Watch).TotalSeconds).ToList();

        Assert.All(phases, phase => Assert.InRange(phase, 0, 29));
        var bySecond = phases.CountBy(phase => phase).Select(second => second.Value).ToList();

        // 100 for each second; five standard deviations to both sides.
        Assert.Equal(30, bySecond.Count);
        Assert.All(bySecond, count => Assert.InRange(count, 50, 150));
    }

    [Theory]
    [InlineData(TelemetrySource.Embedded, 60)]
    [InlineData(TelemetrySource.LogAnalytics, 1)]
    public void Of_WhatHasNothingToSpread_IsZero(TelemetrySource source, int interval) =>
        Assert.Equal(TimeSpan.Zero, PollPhase.Of(Search, 0, Watch with { Source = source, Interval = TimeSpan.FromSeconds(interval) }));

    [Fact]
    public void Phase_OfAWatchWithoutOne_IsNotWritten()
    {
        var input = new WatchInput
        {
            Release = Search,
            Number = 1,
            Plan = SampleRequests.Plan(),
            Directive = new WatchDirected(1, WatchMode.Hold, null, null, null, []),
            Cursor = 0,
            JudgedUntil = DateTimeOffset.UnixEpoch,
        };

        // What older hosts recorded has none, and reads as none.
        var json = JsonSerializer.Serialize(input, SlipwayJson.Options);
        Assert.DoesNotContain("phase", json, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(TimeSpan.Zero, JsonSerializer.Deserialize<WatchInput>(json, SlipwayJson.Options)!.Phase);
        var spread = JsonSerializer.Serialize(input with { Phase = TimeSpan.FromSeconds(7) }, SlipwayJson.Options);
        Assert.Equal(TimeSpan.FromSeconds(7), JsonSerializer.Deserialize<WatchInput>(spread, SlipwayJson.Options)!.Phase);
    }
}
