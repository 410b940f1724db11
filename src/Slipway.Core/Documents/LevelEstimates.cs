using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents;

/// <summary>
/// How long each way back takes by estimate, from the trigger to the verified state; each level includes those before it. The release itself
/// measures the real times. Made of the plan's propagation and, for what it does not say, of named times that a flag write, a configuration
/// key, a check and a deployment of the previous version usually need.
/// </summary>
/// <param name="Level1">Flags or traffic; within 5 minutes.</param>
/// <param name="Level2">Configuration; within 10 minutes.</param>
/// <param name="Level3">Code; within 15 minutes.</param>
public sealed record LevelEstimates(TimeSpan Level1, TimeSpan Level2, TimeSpan Level3)
{
    /// <summary>Writing one flag, step of traffic or configuration key and reading it back.</summary>
    public static readonly TimeSpan Write = TimeSpan.FromSeconds(5);

    /// <summary>Checking that the service is as it was.</summary>
    public static readonly TimeSpan Check = TimeSpan.FromMinutes(1);

    /// <summary>Restarting without downtime.</summary>
    public static readonly TimeSpan Restart = TimeSpan.FromMinutes(2);

    /// <summary>Deploying a version that is already built.</summary>
    public static readonly TimeSpan Redeploy = TimeSpan.FromMinutes(5);

    /// <summary>The estimates of a plan.</summary>
    public static LevelEstimates Of(ReleaseRequest request, ReleasePlan plan)
    {
        int Targets(int level) => plan.Levels.FirstOrDefault(known => known.Level == level)?.Targets.Count ?? 0;
        var first = (Math.Max(1, Targets(1)) * Write) + plan.Watch.Propagation + Check;
        var second = first + (Math.Max(1, Targets(2)) * Write) + Restart + Check;
        var migrations = request.Preflight.Dependencies.Databases.Count(database => database.Migration is not null);
        return new LevelEstimates(first, second, second + Redeploy + (migrations * Check));
    }

    /// <summary>The estimate of a level.</summary>
    public TimeSpan this[int level] => level switch
    {
        1 => Level1,
        2 => Level2,
        _ => Level3,
    };

    /// <summary>What a level may take at most, exclusive.</summary>
    public static TimeSpan Budget(int level) => TimeSpan.FromMinutes(5 * level);

    /// <summary>The levels whose estimate is not within their budget.</summary>
    public IReadOnlyList<int> OverBudget => [.. ((int[])[1, 2, 3]).Where(level => this[level] >= Budget(level))];
}
