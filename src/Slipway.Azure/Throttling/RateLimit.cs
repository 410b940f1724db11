namespace Slipway.Azure.Throttling;

/// <summary>At most so many requests in any stretch of time of that length.</summary>
/// <param name="Count">How many, 1 or more.</param>
/// <param name="Window">The length, above zero.</param>
public readonly record struct RateLimit(int Count, TimeSpan Window);
