namespace Slipway.Cli.Demo.Storefront;

/// <summary>Where the storefront gets its flags from.</summary>
internal interface IFlagFetcher
{
    /// <summary>The JSON values of all flags in App Configuration's format, in a stable order. Throws
    /// <see cref="HttpRequestException"/> when the source does not answer.</summary>
    Task<IReadOnlyList<string>> FetchAsync(CancellationToken cancellation);
}
