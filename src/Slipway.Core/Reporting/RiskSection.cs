using Slipway.Core.Ledgers;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Reporting.Contract;

namespace Slipway.Core.Reporting;

/// <summary>How much can go wrong: the assessment of request and plan, as far as the release has come. The blast radius is the wider of what
/// is exposed now and what the requester stated; confidence falls with each gap of the intake and with each check that warns or fails.</summary>
internal static class RiskSection
{
    public static Contract.RiskAssessment Of(ReportView view, IReadOnlyList<PreDeploymentCheck> checks)
    {
        var profile = RiskProfile.Of(view.Request, view.Plan);
        var exposed = RiskScales.BlastRadiusOf(view.Exposure, RolloutSection.Users(view));
        return new Contract.RiskAssessment(
            profile.DeploymentRisk.Value,
            view.Request.Release.BlastRadius is { } stated && stated > exposed ? stated : exposed,
            profile.RollbackComplexity.Value,
            profile.DataRisk.Value,
            profile.Confidence.Value * RiskScales.ConfidenceOf(
                checks.Count(check => check.Status == GateStatus.Warning), checks.Count(check => check.Status == GateStatus.Fail)));
    }
}
