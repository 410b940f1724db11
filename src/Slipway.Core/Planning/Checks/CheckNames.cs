using Slipway.Core.Strategies;

namespace Slipway.Core.Planning.Checks;

/// <summary>
/// The names of the checks before a release leaves a phase: the same in documents, ledger and report. A gate is named as it stands in the
/// ledger and in the report's checks (see <see cref="Reporting.QualityGates"/>); every other check is named here.
/// </summary>
public static class CheckNames
{
    /// <summary>The locks are taken and what will be changed is recorded, so that there is a state to come back to.</summary>
    public const string Captured = "state captured";

    /// <summary>No alert holds the release and no evaluation is open.</summary>
    public const string OpenAlerts = "open alerts";

    /// <summary>No limit was crossed for as long as the request asks for.</summary>
    public const string Quiet = "quiet time";

    /// <summary>The stage is no worse than the one before.</summary>
    public const string StageBefore = "stage before";

    /// <summary>Every flag reads back at 100 %.</summary>
    public const string FlagsReadBack = "flags read back";

    /// <summary>A threshold that is watched, by its trigger's name.</summary>
    public static string Trigger(string name) => $"trigger: {name}";

    /// <summary>The evidence of a guardrail, against the control arm where there is one and against its limit else.</summary>
    public static string Guardrail(string metric) => $"guardrail: {metric}";

    /// <summary>A business metric against the control arm.</summary>
    public static string Kpi(string name) => $"kpi: {name}";

    /// <summary>A metric's target.</summary>
    public static string Target(string metric) => $"target: {metric}";

    /// <summary>A metric's distance to its baseline.</summary>
    public static string Within(string metric) => $"within baseline: {metric}";

    /// <summary>Without a control arm: no increase over the stated baseline.</summary>
    public static string NoIncrease(string metric) => $"no increase: {metric}";

    /// <summary>A measurement.</summary>
    public static string Measurement(string name) => $"measurement: {name}";

    /// <summary>The answer of an approval group.</summary>
    public static string Approval(string group) => $"approval: {group}";

    /// <summary>The deploy hook confirmed a step.</summary>
    public static string Hook(HookStep step) => $"hook: {step.Sentence}";
}
