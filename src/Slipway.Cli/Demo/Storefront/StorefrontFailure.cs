namespace Slipway.Cli.Demo.Storefront;

/// <summary>A search failed as its <see cref="CodePath"/> says.</summary>
internal sealed class StorefrontFailure(CodePath path) : Exception($"{path.Name}: {path.ErrorType}")
{
    /// <summary>What the telemetry calls it.</summary>
    public string ErrorType { get; } = path.ErrorType;
}
