using Slipway.Core.Releases;

namespace Slipway.Core.Ledgers;

/// <summary>What belongs to one environment in the state: it starts anew where the release goes on to the next.</summary>
internal static class EnvironmentFold
{
    /// <summary>After a move: what was seen in the environment before says nothing about this one.</summary>
    public static ReleaseState Move(ReleaseState before, ReleaseState next)
    {
        if (next.Created is null || next.Plan.Environments.Count < 2) return next;
        if (next.Environment != before.Environment)
        {
            next = next with
            {
                Assessment = null,
                Telemetry = null,
                JudgedUntil = null,
                JudgedAt = null,
                LastInterval = null,
                EarlierErrorRates = [],
                CanaryErrorTypes = next.CanaryErrorTypes.Clear(),
                ControlErrorTypes = next.ControlErrorTypes.Clear(),
                DependencyFailures = next.DependencyFailures.Clear(),
            };
        }

        return Expose(next);
    }

    /// <summary>The exposure of the environment under way; from a rollback on the largest of all, since all go back.</summary>
    public static ReleaseState Expose(ReleaseState state)
    {
        var environments = state.Created is null ? [] : state.Plan.Environments;
        var own = state.Rollback is not null || environments.Count < 2
            ? null
            : environments[state.Environment].Flags.Select(flag => flag.Key).ToHashSet();

        // The deploy hook moves the traffic of the one environment that a release with a hook has.
        var hook = state.Created is null ? Percentage.Zero : state.Traffic.Share(Math.Max(1, state.Plan.Regions.Count));
        var flags = Largest(state, state.TouchedFlags);
        var largest = hook > flags ? hook : flags;
        return state with
        {
            Exposure = own is null ? largest : Largest(state, state.TouchedFlags.Where(own.Contains)),
            PeakExposure = largest > state.PeakExposure ? largest : state.PeakExposure,
            ExposedEnvironments = state.ExposedEnvironments.Union(environments
                .Where(environment => hook > Percentage.Zero || environment.Flags.Any(flag => state.TouchedFlags.Contains(flag.Key) && ExposureOf(state, flag.Key) > Percentage.Zero))
                .Select(environment => environment.Index)),
        };
    }

    private static Percentage Largest(ReleaseState state, IEnumerable<FlagKey> flags) => flags.Select(flag => ExposureOf(state, flag)).DefaultIfEmpty(Percentage.Zero).Max();

    private static Percentage ExposureOf(ReleaseState state, FlagKey flag) => state.Flags.TryGetValue(flag, out var read) ? read.Exposure : Percentage.Zero;
}
