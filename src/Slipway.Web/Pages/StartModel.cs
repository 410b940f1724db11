using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Requests;

namespace Slipway.Web.Pages;

/// <summary>The page that starts a release.</summary>
/// <param name="Frame">What is around it.</param>
/// <param name="FormToken">The form's anti-forgery token.</param>
/// <param name="Text">The request, in YAML or JSON.</param>
public sealed record StartModel(PageFrame Frame, string FormToken, string Text)
{
    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<RequestProblem> Problems { get; init; } = [];

    /// <summary>What is missing before it may start; null: nothing.</summary>
    public InsufficientContext? Missing { get; init; }

    /// <summary>What would be done; null: it was not checked, or cannot be.</summary>
    public ReleasePlan? Plan { get; init; }

    /// <summary>What the request leaves open and does not block.</summary>
    public IReadOnlyList<Gap> Questions { get; init; } = [];

    /// <summary>Anything else that was wrong; empty: nothing.</summary>
    public string Problem { get; init; } = "";
}
