using Slipway.Core.Approvals;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Approvals;

/// <summary>What is shown after a decision was recorded.</summary>
/// <param name="Frame">What is around it.</param>
/// <param name="View">What was asked.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="BaseUrl">Absolute base of the permalink.</param>
public sealed record ApprovalReceiptModel(PageFrame Frame, ApprovalView View, OwnDecision Decision, string BaseUrl)
{
    /// <summary>The decision as a heading.</summary>
    public string Heading => Decision.Choice == ApprovalChoice.Approve ? "Recorded: approved" : "Recorded: rejected";

    /// <summary>The release as it was when the decision was recorded.</summary>
    public string Path => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/releases/{View.Release}?at={Decision.Sequence}");

    /// <summary>How it is known who decided.</summary>
    public string KnownBy => Decision.Identity == ApproverIdentity.SignIn ? "after a sign-in" : "by the mail link: whoever holds the mail decides";
}
