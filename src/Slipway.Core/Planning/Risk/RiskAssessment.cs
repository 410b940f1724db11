using Slipway.Core.Planning.Failures;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Risk;

/// <summary>What a request's own content says about its risk. It is there before any plan, which is made from it.</summary>
/// <param name="Computed">The highest risk that any rule gave; low when none applied.</param>
/// <param name="Counting">The risk that counts: the higher of computed and declared, where a risk that is not declared is medium.</param>
/// <param name="Reasons">Why the computed risk is above low, one sentence a rule.</param>
public sealed record RiskAssessment(RiskLevel Computed, RiskLevel Counting, IReadOnlyList<string> Reasons)
{
    /// <summary>The files of the manifest with what each risks.</summary>
    public required ClassifiedManifest Manifest { get; init; }

    /// <summary>The category of the change as a whole once it is active; zero only where the manifest has nothing but zero and no rule applied.</summary>
    public required ChangeRisk Category { get; init; }

    /// <summary>How complex the change is, 1 to 10.</summary>
    public required Reasoned<int> Complexity { get; init; }

    /// <summary>What can go wrong in production, known before anything is planned.</summary>
    public required IReadOnlyList<FailureScenario> Scenarios { get; init; }

    /// <summary>Where in their ranges the waits lie.</summary>
    public WaitPosition Waits => WaitPositions.Of(Counting, Complexity.Value);
}
