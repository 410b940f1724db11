namespace Slipway.Web.Api;

/// <summary>Says how the server is.</summary>
public interface IHealthSource
{
    /// <summary>Checks what the server needs (its store, its engine). Quick: under a second; never throws.</summary>
    Task<HealthState> ReadAsync(CancellationToken cancellation);
}

/// <summary>How the server is.</summary>
/// <param name="Healthy">Whether it can do its work.</param>
/// <param name="Checks">What was checked, in words that everyone may read.</param>
public sealed record HealthState(bool Healthy, IReadOnlyDictionary<string, string> Checks)
{
    /// <summary>Whether it works, but not as it should, and somebody has to look at what <see cref="Checks"/> says. Default: false.</summary>
    public bool Degraded { get; init; }
}
