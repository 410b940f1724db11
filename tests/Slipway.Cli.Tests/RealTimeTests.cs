namespace Slipway.Cli.Tests;

/// <summary>Tests that run real servers under a real clock: one after the other, so that they do not take each other's processor.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealTimeTests
{
    public const string Name = "real time";
}
