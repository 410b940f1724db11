using Slipway.Core.Releases;
using Slipway.Embedded.Flags;
using Slipway.Web.Api;

namespace Slipway.Cli.Hosting;

/// <summary>Creates flags in the embedded store.</summary>
internal sealed class FlagCreator(SqliteFlagStore store) : IFlagCreator
{
    /// <inheritdoc/>
    public async Task<FlagCreation> CreateOffAsync(FlagKey flag, CancellationToken cancellation)
    {
        var write = await store.CreateAsync(flag, "", cancellation);
        return new FlagCreation(write.Written, write.Current ?? throw new InvalidOperationException($"The flag {flag} was neither made nor there."));
    }
}
