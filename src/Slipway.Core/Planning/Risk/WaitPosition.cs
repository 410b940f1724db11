using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Risk;

/// <summary>Where in its range a wait lies.</summary>
public enum WaitPosition
{
    /// <summary>The lower bound.</summary>
    Lower,

    /// <summary>The middle.</summary>
    Middle,

    /// <summary>The upper bound.</summary>
    Upper,
}

/// <summary>Picks the position of every wait of a release.</summary>
public static class WaitPositions
{
    /// <summary>The later of two: lower for low risk, middle for medium, upper from high on; lower below a complexity of
    /// <see cref="ComplexityScore.Middle"/>, middle below <see cref="ComplexityScore.High"/>, upper from there on.</summary>
    /// <param name="risk">The risk that counts.</param>
    /// <param name="complexity">1 to 10.</param>
    public static WaitPosition Of(RiskLevel risk, int complexity)
    {
        var byRisk = risk switch { RiskLevel.Low => WaitPosition.Lower, RiskLevel.Medium => WaitPosition.Middle, _ => WaitPosition.Upper };
        var byComplexity = complexity switch
        {
            < ComplexityScore.Middle => WaitPosition.Lower,
            < ComplexityScore.High => WaitPosition.Middle,
            _ => WaitPosition.Upper,
        };
        return byRisk > byComplexity ? byRisk : byComplexity;
    }

    /// <summary>The wait at a position of a range.</summary>
    /// <param name="position">The position.</param>
    /// <param name="shortest">Lower bound.</param>
    /// <param name="longest">Upper bound, at least <paramref name="shortest"/>.</param>
    public static TimeSpan Pick(WaitPosition position, TimeSpan shortest, TimeSpan longest) => position switch
    {
        WaitPosition.Lower => shortest,
        WaitPosition.Middle => (shortest + longest) / 2,
        _ => longest,
    };
}
