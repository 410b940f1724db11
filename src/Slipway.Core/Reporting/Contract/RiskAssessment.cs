using Slipway.Core.Planning.Risk;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting.Contract;

/// <summary>How much can go wrong; see <see cref="RiskProfile"/>.</summary>
/// <param name="DeploymentRisk">The plan's risk.</param>
/// <param name="BlastRadius">Who is exposed now.</param>
/// <param name="RollbackComplexity">How hard the way back is.</param>
/// <param name="DataRisk">What data is at stake.</param>
/// <param name="ConfidenceScore">0 to 1; falls with each warning.</param>
public sealed record RiskAssessment(
    RiskLevel DeploymentRisk,
    BlastRadius BlastRadius,
    RollbackComplexity RollbackComplexity,
    DataRisk DataRisk,
    double ConfidenceScore);
