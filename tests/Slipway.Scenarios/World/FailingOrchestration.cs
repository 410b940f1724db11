using Slipway.Core.Releases;

namespace Slipway.Scenarios.World;

/// <summary>A release whose orchestration breaks under way.</summary>
internal static class FailingOrchestration
{
    /// <summary>The orchestration fails at its next move, and the next sweep finds it.</summary>
    /// <param name="world">The world.</param>
    /// <param name="release">The release.</param>
    /// <param name="mend">What is well again before the sweep.</param>
    public static async Task FailAsync(this ReleaseWorld world, ReleaseId release, Action? mend = null)
    {
        world.Breaks.Fails = true;
        await world.CommandBeginAsync(release, ReleaseCommandKind.Pause);
        await world.SettleAsync();
        world.Breaks.Fails = false;
        mend?.Invoke();
        await world.Sweeper.SweepAsync(default);
    }
}
