namespace Slipway.Benchmarks.AzureCost.Model;

/// <summary>Something that ends at some number of releases at a time.</summary>
/// <param name="What">What ends.</param>
/// <param name="Arithmetic">What there is, and what a release takes of it.</param>
/// <param name="MetAt">At so many releases at a time it is used up.</param>
/// <param name="Lift">The design that lifts it.</param>
/// <param name="LiftedTo">At so many it is met then; positive infinity: not any more, or as much as is agreed upon.</param>
/// <param name="Source">Where the limit stands.</param>
internal sealed record Limit(string What, string Arithmetic, double MetAt, string Lift, double LiftedTo, string Source)
{
    /// <summary>How much of it so many releases take; 1: all.</summary>
    public double Share(double releases) => releases / MetAt;
}
