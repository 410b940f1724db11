namespace Slipway.Core.Planning.Risk;

/// <summary>A finding with why it was reached.</summary>
/// <typeparam name="T">What was found.</typeparam>
/// <param name="Value">The finding.</param>
/// <param name="Reasons">Why, one sentence each without its full stop; at least one.</param>
public sealed record Reasoned<T>(T Value, IReadOnlyList<string> Reasons);
