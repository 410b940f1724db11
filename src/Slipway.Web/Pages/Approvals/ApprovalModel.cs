using System.Globalization;
using Slipway.Core.Approvals;
using Slipway.Core.Documents.Evidence;
using Slipway.Core.Ledgers;
using Slipway.Core.Outlook;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Pages.Charts;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Approvals;

/// <summary>Everything that the page of an approval link shows while it can decide.</summary>
public sealed record ApprovalModel
{
    /// <summary>The longest comment that is kept.</summary>
    public const int LongestComment = 1000;

    /// <summary>What is around it.</summary>
    public required PageFrame Frame { get; init; }

    /// <summary>What is asked.</summary>
    public required ApprovalView View { get; init; }

    /// <summary>The release.</summary>
    public required ReleaseState State { get; init; }

    /// <summary>The link's token: whoever reads the page has it already.</summary>
    public required string Token { get; init; }

    /// <summary>The form's anti-forgery token.</summary>
    public required string FormToken { get; init; }

    /// <summary>The evidence as a chart; null: too little was seen.</summary>
    public EvidenceChart? Chart { get; init; }

    /// <summary>What was wrong with the form as it was sent; empty: nothing.</summary>
    public string Problem { get; init; } = "";

    /// <summary>What was sent as comment.</summary>
    public string Comment { get; init; } = "";

    /// <summary>What was typed as confirmation.</summary>
    public string Typed { get; init; } = "";

    /// <summary>What is asked, as a heading.</summary>
    public string Heading => $"{View.Title} {View.Version}".TrimEnd() + $": {(Gate.Stage < 0 ? "start" : $"stage {Gate.Stage + 1}")} at {Gate.Percentage}?";

    /// <summary>Who asks.</summary>
    public string AskedBy => State.Request.Release.RequestedBy is { Length: > 0 } name ? name : State.Created?.StartedBy ?? "";

    /// <summary>What would take it further, in the same words as everywhere.</summary>
    public PromotionOutlook Outlook => PromotionOutlook.Of(State, Frame.Now);

    /// <summary>What was known before the start: the link's holder need not be signed in, so the page has all of it.</summary>
    public StartEvidence? BeforeStart => StartEvidence.Of(State);

    /// <summary>What an approval causes.</summary>
    public string IfApproved => (Missing, Bake) switch
    {
        ( <= 1, { } bake) => $"{Gate.Percentage} of users get the new version next, instead of {State.Exposure} now; it is judged for {DurationText.Format(bake)} or longer before anything else happens, and a crossed limit takes every user back.",
        ( <= 1, _) => $"{Gate.Percentage} of users get the new version next, instead of {State.Exposure} now.",
        _ => string.Create(CultureInfo.InvariantCulture, $"It counts as one of the {Missing} approvals that are missing; with the last of them {Gate.Percentage} of users get the new version, instead of {State.Exposure} now."),
    };

    /// <summary>What a rejection causes.</summary>
    public string IfRejected => State.Exposure > Percentage.Zero
        ? $"The release stops: {State.Exposure} of users return to how it was before. One rejection suffices, and nobody can take it back."
        : "The release stops before anybody has the new version. One rejection suffices, and nobody can take it back.";

    /// <summary>What changes, a line each.</summary>
    public IEnumerable<string> Changes => WhatChanges();

    /// <summary>Where signing in leads back here.</summary>
    public string SignInPath => $"/sign-in?return={Uri.EscapeDataString($"/approvals/{Token}")}";

    /// <summary>The command line that does the same.</summary>
    public string Cli => $"slipway approve {Token}";

    /// <summary>The request that does the same.</summary>
    public string Http => $"curl -X POST {State.Created?.BaseUrl}/approvals/{Token} -H 'Content-Type: application/json' -d '{{\"decision\":\"approve\",\"confirm\":\"{View.Confirm}\"}}'"
        + (View.Identity == ApproverIdentity.SignIn ? " -H \"Authorization: Bearer $SLIPWAY_TOKEN\"" : "");

    private ApprovalGate Gate => State.Approvals[View.Gate].Asked.Gate;

    private int Missing => View.Quorum - View.ApprovedBy.Count;

    private TimeSpan? Bake => State.Plan.Stages.ElementAtOrDefault(Math.Max(Gate.Stage, 0))?.Bake;

    private IEnumerable<string> WhatChanges()
    {
        var request = State.Request;
        if (request.Release.Problem.Length > 0) yield return $"It solves: {request.Release.Problem}";
        foreach (var feature in request.Changes.Features) yield return $"New: {feature}";
        foreach (var fix in request.Changes.Fixes) yield return $"Fixed: {fix}";
        foreach (var breaking in request.Changes.BreakingChanges) yield return $"Breaking: {breaking}";
        if (request.Changes.Files.Count > 0) yield return $"{request.Changes.Files.Count} files changed; {State.Plan.Risk.ToString().ToLowerInvariant()} risk";
    }
}
