using Slipway.Core.Releases;

namespace Slipway.Web.Api;

/// <summary>Creates flags, always off. Everything else about a flag is moved by a release.</summary>
public interface IFlagCreator
{
    /// <summary>Creates the flag, disabled and without filters, unless it exists; an existing flag is left as it is.</summary>
    Task<FlagCreation> CreateOffAsync(FlagKey flag, CancellationToken cancellation);
}

/// <summary>How a creation ended.</summary>
/// <param name="Created">False: the flag existed and was not touched.</param>
/// <param name="Flag">The flag as it is now.</param>
public sealed record FlagCreation(bool Created, FlagState Flag);
