using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Analysis;

/// <summary>
/// Failures as events to compare two arms by: users with a failed request where both arms know them, since one user's failures in an
/// interval have one cause; failed requests otherwise. Pure.
/// </summary>
public static class Failures
{
    /// <summary>Both arms' failures among their requests; what an arm counts never exceeds its requests.</summary>
    /// <param name="canary">The canary's interval.</param>
    /// <param name="control">The control arm's.</param>
    public static ArmCounts Count(ArmSample canary, ArmSample control)
    {
        var (failed, others) = canary.FailedUsers is { } users && control.FailedUsers is { } rest ? (users, rest) : (canary.Errors, control.Errors);
        return new ArmCounts(Math.Min(failed, canary.Requests), canary.Requests, Math.Min(others, control.Requests), control.Requests);
    }
}
