namespace Slipway.Core.Analysis.Triggers;

/// <summary>A window in which a threshold was crossed.</summary>
/// <param name="From">Its start, inclusive.</param>
/// <param name="To">Its end, exclusive.</param>
public readonly record struct CrossedWindow(DateTimeOffset From, DateTimeOffset To);
