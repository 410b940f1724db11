using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Workflow.Ports;

/// <summary>
/// Feature flags with compare-and-set. An implementation patches only what it owns in the flag's JSON (<c>enabled</c> and the exposure
/// of one filter) and keeps every member that it does not know. A flag has one value for each label.
/// </summary>
public interface IFlagStore
{
    /// <summary>Reads a flag; null when it does not exist. Throws <see cref="PortUnavailableException"/> when the store does not answer.</summary>
    Task<FlagState?> ReadAsync(FlagKey flag, CancellationToken cancellation);

    /// <summary>
    /// Reads a flag as <see cref="ReadAsync"/> does, for a look that can wait. A store that asks to be left alone, or takes only so many requests, is
    /// not asked then: <see cref="PortUnavailableException.RetryAt"/> says until when. Default: every look is a read.
    /// </summary>
    Task<FlagState?> LookAsync(FlagKey flag, CancellationToken cancellation) => ReadAsync(flag, cancellation);

    /// <summary>All flags, ascending by name and then label.</summary>
    Task<IReadOnlyList<FlagKey>> ListAsync(CancellationToken cancellation);

    /// <summary>
    /// Sets a flag's exposure when its ETag is still <paramref name="ifMatch"/>. 0 % disables the flag; above it the flag is enabled
    /// with the lever's filter at that percentage, with segments and overrides of <paramref name="spec"/> in the audience.
    /// </summary>
    Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation);

    /// <summary>Writes verbatim JSON (a captured state) when the ETag is still <paramref name="ifMatch"/>. A write of the same content makes
    /// a new ETag too: writes that are still under way lose on it.</summary>
    Task<FlagWrite> RestoreAsync(FlagKey flag, string json, string ifMatch, CancellationToken cancellation);
}

/// <summary>The result of a compare-and-set.</summary>
/// <param name="Written">False: somebody else changed the flag first, and nothing was written.</param>
/// <param name="Current">The flag as it is now; null when it no longer exists.</param>
public sealed record FlagWrite(bool Written, FlagState? Current);

/// <summary>Configuration keys that compensation level 2 restores.</summary>
public interface IConfigurationStore
{
    /// <summary>Reads a key; a value with null members when it does not exist.</summary>
    Task<ConfigurationValue> ReadAsync(string key, CancellationToken cancellation);

    /// <summary>Writes a value (null: deletes the key) when the ETag is still <paramref name="ifMatch"/> (null: the key must not exist).
    /// False: somebody else changed the key first.</summary>
    Task<bool> WriteAsync(string key, string? value, string? ifMatch, CancellationToken cancellation);
}

/// <summary>An outside system did not answer, or answered that it cannot now. Worth another try.</summary>
public sealed class PortUnavailableException(string system, string message, Exception? inner = null)
    : Exception($"{system}: {message}", inner)
{
    /// <summary>The system, for example <c>flag store</c>.</summary>
    public string System { get; } = system;

    /// <summary>Before this moment another try is useless, as the system or a limit says; null: nobody says.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}
