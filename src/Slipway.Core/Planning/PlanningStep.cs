namespace Slipway.Core.Planning;

/// <summary>One step of making a plan, in the order in which it was done; the audit trail has a line for each.</summary>
/// <param name="Module">What was asked, for example <c>risk-analysis</c>.</param>
/// <param name="Stage">Which part of it.</param>
/// <param name="Result">What it found, in a few words.</param>
public sealed record PlanningStep(string Module, string Stage, string Result)
{
    /// <summary>The risk analysis: before anything is planned.</summary>
    internal static PlanningStep RiskAnalysis(string result) => new("risk-analysis", "Stage 7: Failure Modes", result);

    /// <summary>The way back.</summary>
    internal static PlanningStep Rollback(string result) => new("deployment-patterns", "Stage 1: Rollback", result);

    /// <summary>The way forward.</summary>
    internal static PlanningStep Deployment(string result) => new("deployment-patterns", "Stage 2: Deployment", result);
}
