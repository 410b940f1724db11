using Slipway.Core.Releases;

namespace Slipway.Rehearsal.Scenarios;

/// <summary>How a scenario has to end, beside what holds for each: that it ends, that nobody keeps the new version after a way back, that the
/// way back keeps its time, that exposure grows only as it may, and that those who have to hear of it do.</summary>
public sealed record Expectation
{
    /// <summary>The phases that it may end in.</summary>
    public required IReadOnlyList<ReleasePhase> Ends { get; init; }

    /// <summary>What the plan says of how often it ends so; null: it always has to.</summary>
    public RateClaim? Claim { get; init; }

    /// <summary>The most that may be exposed; null: what the stages say.</summary>
    public Percentage? AtMost { get; init; }

    /// <summary>Whether those who hear of a hold have to be told of one.</summary>
    public bool TellsOfHold { get; init; }

    /// <summary>In one sentence.</summary>
    public required string Sentence { get; init; }
}

/// <summary>Something that the plan states as a rate, and that so many seeds can speak for or against.</summary>
/// <param name="Ends">The phase that counts as a miss.</param>
/// <param name="AtMost">How often it may be missed, 0 to 1.</param>
/// <param name="Words">The claim.</param>
public sealed record RateClaim(ReleasePhase Ends, double AtMost, string Words)
{
    /// <summary>More misses than this chance would allow once in a hundred rehearsals speak against the claim.</summary>
    private const double Surprise = 0.01;

    /// <summary>Whether so many misses speak against it.</summary>
    public bool IsRefutedBy(int misses, int runs)
    {
        if (misses == 0) return false;

        // The chance of at least so many misses among the runs: one minus the sum of the chances of fewer.
        double fewer = 0, term = Math.Pow(1 - AtMost, runs);
        for (var count = 0; count < misses; count++)
        {
            fewer += term;
            term *= (double)(runs - count) / (count + 1) * (AtMost / (1 - AtMost));
        }

        return 1 - fewer < Surprise;
    }
}
