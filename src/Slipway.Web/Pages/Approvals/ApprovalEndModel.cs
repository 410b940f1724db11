using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Web.Pages.Approvals;

/// <summary>A link that decides nothing: what happened, who decided, how it stands, and what to do next.</summary>
public sealed record ApprovalEndModel
{
    /// <summary>What is around it.</summary>
    public required PageFrame Frame { get; init; }

    /// <summary>What happened, as a heading.</summary>
    public required string Heading { get; init; }

    /// <summary>What happened, in a sentence or two.</summary>
    public required string What { get; init; }

    /// <summary>What to do next.</summary>
    public required string Next { get; init; }

    /// <summary>The release; null: the link does not prove that there is one.</summary>
    public ReleaseId? Release { get; init; }

    /// <summary>Where it stands; null: unknown.</summary>
    public ReleasePhase? Phase { get; init; }

    /// <summary>How many users have it, as text; empty: unknown.</summary>
    public string Exposure { get; init; } = "";

    /// <summary>Why it stands there; empty: unknown.</summary>
    public string Why { get; init; } = "";

    /// <summary>How the gate ended; empty: it is open, or unknown.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Who decided so far.</summary>
    public IReadOnlyList<DecisionLine> Decisions { get; init; } = [];

    /// <summary>Where to sign in as somebody else; null: that would not help.</summary>
    public string? SignInPath { get; init; }
}

/// <summary>One decision about a gate.</summary>
/// <param name="By">Who.</param>
/// <param name="Choice">What.</param>
/// <param name="At">When.</param>
/// <param name="Identity">How that is known.</param>
/// <param name="Comment">Their words; may be empty.</param>
public sealed record DecisionLine(string By, ApprovalChoice Choice, DateTimeOffset At, ApproverIdentity Identity, string Comment)
{
    /// <summary>The decisions of a gate that count or may still count.</summary>
    public static IReadOnlyList<DecisionLine> Of(ApprovalFact fact) =>
    [
        .. fact.Decisions.Where(one => one.Applied != false).Select(one => new DecisionLine(
            one.Received.Decision.Approver, one.Received.Decision.Choice, one.Received.At, one.Received.Decision.Identity, one.Received.Decision.Comment)),
    ];
}
