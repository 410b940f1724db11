using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>What of the report follows from the risk alone; pure. The assessment itself is <see cref="Planning.Risk.RiskProfile"/>.</summary>
public static class RiskTables
{
    /// <summary>How fast a rollout goes: high and critical slow, medium normal, low fast.</summary>
    public static RolloutVelocity VelocityOf(RiskLevel risk) => risk switch
    {
        RiskLevel.Low => RolloutVelocity.Fast,
        RiskLevel.Medium => RolloutVelocity.Normal,
        _ => RolloutVelocity.Slow,
    };
}
