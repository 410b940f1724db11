namespace Slipway.Benchmarks.AzureCost.Model;

/// <summary>A number that was not counted.</summary>
/// <param name="What">What it says.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Source">Where it stands, or that it is assumed.</param>
internal sealed record Assumption(string What, double Value, string Unit, string Source)
{
    /// <summary>The number.</summary>
    public static implicit operator double(Assumption assumption) => assumption.Value;
}
