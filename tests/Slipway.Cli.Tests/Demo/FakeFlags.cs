using Slipway.Cli.Demo.Storefront;

namespace Slipway.Cli.Tests.Demo;

/// <summary>Flags that the test holds in its hand.</summary>
internal sealed class FakeFlags(params IReadOnlyList<string> flags) : IFlagFetcher
{
    public IReadOnlyList<string> Flags { get; set; } = flags;

    public Task<IReadOnlyList<string>> FetchAsync(CancellationToken cancellation) => Task.FromResult(Flags);
}
