using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>After a day with everybody on the new version, errors are for people to evaluate, once they have lasted.</summary>
public class SustainedStories
{
    [Theory]
    [InlineData(6, false)]
    [InlineData(7, true)]
    [Trait("requirement", "S004-112")]
    public async Task More_than_half_a_percent_of_errors_for_nine_minutes_asks_nobody_and_for_ten_people(int badMinutes, bool asks)
    {
        await using var world = BandedRequests.World(rps: 2000);
        var request = Requests.Canary();
        var release = await world.StartAsync(request with
        {
            Stages = [new StageSpec { Percentage = new Percentage(50), Bake = TimeSpan.FromMinutes(10) }, new StageSpec { Percentage = Percentage.Full, Bake = TimeSpan.FromHours(30) }],

            // Availability counts the same requests, and would be evaluated at once.
            Guardrails = new GuardrailSpec { ErrorRate = new LimitSpec(0.5m), LatencyP95 = new LimitSpec(500), Availability = new Percentage(50) },
        });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var bad = world.Time.GetUtcNow().AddHours(25);

        // Over its window of five minutes the rate stays above the limit for four minutes longer than the errors last, and from the first on.
        world.Service.ErrorRate = (_, at) => at >= bad && at < bad.AddMinutes(badMinutes) ? 0.05 : 0.0005;
        await world.RunUntilAsync(bad.AddMinutes(25) - ReleaseWorld.Epoch);

        var opened = await world.EntriesAsync<EvaluationOpened>(release);
        Assert.Equal(asks ? 1 : 0, opened.Count);
        Assert.Empty(await world.EntriesAsync<RollbackBegun>(release));
        var crossed = (await world.EntriesAsync<IntervalJudged>(release)).SelectMany(judged => judged.Assessment.Findings.Select(finding => (judged.JudgedUntil, finding)))
            .Where(found => found.finding.Rule == "error_rate limit").ToList();
        if (asks)
        {
            Assert.Equal(TimeSpan.FromMinutes(10), crossed[0].JudgedUntil - crossed[0].finding.CrossedAt);
            Assert.Contains("error_rate", opened[0].Sentence, StringComparison.Ordinal);
        }
        else
        {
            Assert.Empty(crossed);
        }

        await world.EndAsync(release);
    }
}
