using Microsoft.AspNetCore.Http;
using Slipway.Core.Approvals;
using Slipway.Core.Requests;
using Slipway.Web.Access;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Api;

/// <summary>What a recorded decision answers with: whether it counts follows.</summary>
/// <param name="DecisionId">Its id; GET on the same link says under <c>decisions</c> what became of it.</param>
/// <param name="Sequence">The ledger entry that records it.</param>
/// <param name="Release">The release.</param>
/// <param name="Gate">What was decided about.</param>
public sealed record DecisionReceipt(string DecisionId, long Sequence, string Release, string Gate);

/// <summary>
/// Approval links, for programs. The token says who decides what; a gate that asks for a signed-in approver wants the approver's API key
/// beside it, and a browser's session does not count here: browsers send it by themselves.
/// </summary>
internal sealed class ApprovalHandlers(ReleaseDesk desk, ApiSettings settings)
{
    /// <summary>Shows what a link asks. Mail scanners open links: it changes nothing.</summary>
    public async Task GetAsync(ApiRequest request) => await AnswerAsync(request, await desk.DescribeApprovalAsync(request.Values["token"], Who(request), request.Cancellation));

    /// <summary>Decides. JSON only, which no form of another site can send.</summary>
    public async Task PostAsync(ApiRequest request)
    {
        if (BodyReader.MediaType(request.Http.Request) != "application/json")
        {
            await request.WriteAsync(ApiProblems.WrongMediaType(request.Http.Request.ContentType, "application/json"));
            return;
        }

        if (await BodyReader.ReadAsync(request.Http.Request, settings.LargestDocument, request.Cancellation) is not { } bytes)
        {
            await request.WriteAsync(ApiProblems.TooLarge(settings.LargestDocument));
            return;
        }

        var (body, problems) = ApprovalBody.Read(bytes);
        if (body is null)
        {
            await request.WriteAsync(ApiProblems.Invalid("Invalid decision", "The decision is not valid; nothing was recorded.", "Correct what stands under 'errors'.", problems));
            return;
        }

        await AnswerAsync(request, await desk.DecideAsync(request.Values["token"], Who(request), body.Choice, body.Comment, body.Confirm, request.Cancellation));
    }

    /// <summary>Who is signed in, by a key of their own.</summary>
    private static ApprovalPrincipal? Who(ApiRequest request) => request.Caller is { Session: null, Roles: not ApiRoles.None } caller
        ? new ApprovalPrincipal(caller.Name, caller.HasAny(ApiRoles.Approver))
        : null;

    private static Task AnswerAsync(ApiRequest request, ApprovalAnswer answer) => answer switch
    {
        ApprovalAnswer.Found found => request.WriteAsync(StatusCodes.Status200OK, found.View),
        ApprovalAnswer.Recorded recorded => request.WriteAsync(
            StatusCodes.Status202Accepted, new DecisionReceipt(recorded.DecisionId, recorded.Sequence, recorded.View.Release.Value, recorded.View.Gate)),
        ApprovalAnswer.NotConfirmed wrong => request.WriteAsync(ApiProblems.Invalid(
            "Not confirmed", "The confirming word is missing or another one; nothing was recorded.", $"Send 'confirm' with the environment's name, {wrong.Expected}.",
            [RequestProblem.At("confirm", "another word, or none", wrong.Expected)])),
        ApprovalAnswer.NotSignedIn { Who: null } nobody => request.WriteAsync(ApiProblem.Of(
            StatusCodes.Status401Unauthorized, "sign_in_needed", "The approver has to sign in",
            $"'{nobody.View.Gate}' of '{nobody.View.Release}' asks for a signed-in approver: the link alone does not decide it; nothing was recorded.",
            $"Send the API key of {nobody.View.Approver} ('Authorization: Bearer KEY'; the CLI takes it from SLIPWAY_TOKEN), or open the link in a browser and sign in.") with
        { ReleaseId = nobody.View.Release.Value }),
        ApprovalAnswer.NotSignedIn { Who: { } who } other => request.WriteAsync(ApiProblem.Of(
            StatusCodes.Status403Forbidden, "not_you", "Signed in as somebody else",
            who.MayApprove || !string.Equals(who.Name, other.View.Approver, StringComparison.OrdinalIgnoreCase)
                ? $"The link is for {other.View.Approver}, and the key is of {who.Name}; nothing was recorded."
                : $"The key of {who.Name} does not have the role approver; nothing was recorded.",
            $"Use the API key of {other.View.Approver} that has the role approver (the CLI takes it from SLIPWAY_TOKEN).") with
        { ReleaseId = other.View.Release.Value }),
        ApprovalAnswer.Expired expired => request.WriteAsync(ApiProblem.Of(
            StatusCodes.Status410Gone, "link_expired", "Link expired",
            $"The time to decide about {expired.Claim.Gate} of '{expired.Claim.Release}' ended at {expired.Claim.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC; nothing was recorded.",
            $"See how it went on: `slipway show {expired.Claim.Release}`.") with
        { ReleaseId = expired.Claim.Release.Value }),
        ApprovalAnswer.Ended ended => request.WriteAsync(ApiProblem.Of(
            StatusCodes.Status409Conflict, "release_over", "Release is over",
            $"The release '{ended.Release}' ended as {PhaseWords.Of(ended.Phase)}, which never changes; the decision was not recorded.",
            $"Its report: `slipway show {ended.Release}`.") with
        { ReleaseId = ended.Release.Value }),
        ApprovalAnswer.NotAsked asked => request.WriteAsync(ApiProblem.Of(
            StatusCodes.Status404NotFound, "nothing_asked", "Nothing is asked",
            $"'{asked.Claim.Gate}' of the release '{asked.Claim.Release}' is not asked on this server.", "Check which server sent the mail.")),
        ApprovalAnswer.Forged => request.WriteAsync(ApiProblem.Of(
            StatusCodes.Status403Forbidden, "link_forged", "Link not signed by this server",
            "The link was changed, or its key is no longer in use; nothing was recorded.", "Open the link of the newest mail as it is.")),
        _ => request.WriteAsync(ApiProblem.Of(
            StatusCodes.Status404NotFound, "link_malformed", "Not an approval link",
            "The link is incomplete, perhaps cut off by a mail program; nothing was recorded.", "Copy the whole link from the mail's text part.")),
    };
}
