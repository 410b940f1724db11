using Microsoft.AspNetCore.Http;
using Slipway.Core.Approvals;
using Slipway.Web.Access;
using Slipway.Web.Api;
using Slipway.Web.Pages.Approvals;
using Slipway.Web.Pages.Charts;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Handlers;

/// <summary>
/// Approval links in a browser. Opening one shows what is asked, or why it decides nothing (any more); only the form of the page decides,
/// with a token that no other site can have, and a word to type.
/// </summary>
internal sealed class ApprovalPageHandlers(ReleaseDesk desk, ReleaseStories stories, PageServices pages, ApiSettings settings, TimeProvider time)
{
    private const string Purpose = "approval";

    /// <summary>Shows what the link leads to. Mail scanners open links: it changes nothing.</summary>
    public async Task GetAsync(ApiRequest request)
    {
        var answer = await desk.DescribeApprovalAsync(request.Values["token"], Who(request), request.Cancellation);
        if (Receipt(answer, request.QueryText("decision")) is var (view, decision, url))
            await WriteReceiptAsync(request, view, decision, url);
        else if (answer is ApprovalAnswer.Found { View.Door: ApprovalDoor.Open or ApprovalDoor.SignIn } found)
            await ShowAsync(request, StatusCodes.Status200OK, await ModelAsync(request, found));
        else
            await EndAsync(request, answer);
    }

    /// <summary>Decides by the page's form; what cannot be decided (any more) records nothing.</summary>
    public async Task PostAsync(ApiRequest incoming)
    {
        var request = incoming with { Page = true };
        var token = request.Values["token"];
        if (await FormBody.ReadAsync(request, settings.LargestDocument) is not { } form) return;
        var answer = await desk.DescribeApprovalAsync(token, Who(request), request.Cancellation);
        ApprovalChoice? choice = form["decision"] switch { "approve" => ApprovalChoice.Approve, "reject" => ApprovalChoice.Reject, _ => null };
        if (answer is not ApprovalAnswer.Found { View: var view } found || view.Door is not (ApprovalDoor.Open or ApprovalDoor.SignIn))
        {
            // The same form sent twice leads to the same receipt.
            if (answer is ApprovalAnswer.Found { View.Door: ApprovalDoor.Decided } decided && decided.View.Decisions.LastOrDefault(one => one.Applied != false) is { } own && own.Choice == choice)
                request.SeeOther($"/approvals/{token}?decision={own.Id}");
            else
                await EndAsync(request, answer);
            return;
        }

        var model = await ModelAsync(request, found) with { Comment = form["comment"], Typed = form["confirm"] };
        if (Problem(request, form, choice, view) is { } problem)
        {
            await ShowAsync(request, StatusCodes.Status400BadRequest, model with { Problem = problem });
            return;
        }

        switch (await desk.DecideAsync(token, Who(request), choice!.Value, CommandBody.OneLine(form["comment"]), form["confirm"], request.Cancellation))
        {
            case ApprovalAnswer.Recorded recorded:
                request.SeeOther($"/approvals/{token}?decision={recorded.DecisionId}");
                break;
            case ApprovalAnswer.NotConfirmed wrong:
                await ShowAsync(request, StatusCodes.Status400BadRequest, model with { Problem = $"The confirmation is not the environment's name: type {wrong.Expected}." });
                break;
            default:
                // It changed between looking and recording.
                await EndAsync(request, await desk.DescribeApprovalAsync(token, Who(request), request.Cancellation));
                break;
        }
    }

    private string? Problem(ApiRequest request, FormBody form, ApprovalChoice? choice, ApprovalView view) =>
        view.Door == ApprovalDoor.SignIn ? $"Sign in as {view.Approver} first."
        : !pages.Forms.Accepts(form[FormTokens.Field], Purpose, Holder(request)) ? "The form was open for too long, or did not come from this page. Look at what it says, and send it again."
        : choice is null ? "Choose one of the two buttons: approve or reject."
        : form["comment"].Length > ApprovalModel.LongestComment ? $"The comment has {form["comment"].Length} characters; at most {ApprovalModel.LongestComment} are kept."
        : null;

    private async Task<ApprovalModel> ModelAsync(ApiRequest request, ApprovalAnswer.Found found) => new()
    {
        Frame = Frame(request, "Approve or reject"),
        View = found.View,
        State = found.State,
        Token = request.Values["token"],
        FormToken = pages.Forms.Make(Purpose, Holder(request)),
        Chart = await stories.ReadAsync(found.State, request.Cancellation) is var (timeline, _, _)
            ? EvidenceChart.Of(timeline, ChartMetric.ErrorRate, ReleaseModel.LimitOf(found.State, ChartMetric.ErrorRate))
            : null,
    };

    private static (ApprovalView View, OwnDecision Decision, string BaseUrl)? Receipt(ApprovalAnswer answer, string decision)
    {
        var (view, state) = answer switch
        {
            ApprovalAnswer.Found found => (found.View, found.State),
            ApprovalAnswer.Expired expired => (expired.View, expired.State),
            _ => (null, null),
        };
        return decision.Length > 0 && view?.Decisions.FirstOrDefault(one => one.Id == decision) is { } own ? (view, own, state?.Created?.BaseUrl ?? "") : null;
    }

    private Task WriteReceiptAsync(ApiRequest request, ApprovalView view, OwnDecision decision, string url) =>
        request.WritePageAsync<ApprovalReceiptPage, ApprovalReceiptModel>(
            StatusCodes.Status200OK, new ApprovalReceiptModel(Frame(request, "Recorded") with { Live = decision.Applied is null }, view, decision, url));

    private Task EndAsync(ApiRequest request, ApprovalAnswer answer)
    {
        var frame = Frame(request, "Approval link");
        var (status, model) = answer switch
        {
            ApprovalAnswer.Expired expired => (StatusCodes.Status410Gone, ApprovalEnds.Expired(frame, expired.Claim, expired.State)),
            ApprovalAnswer.Found { View: { Door: ApprovalDoor.NotYou or ApprovalDoor.NotListed } view } other =>
                (StatusCodes.Status403Forbidden, ApprovalEnds.NotYou(frame, view, other.State, request.Caller.Name, $"/sign-in?return={Uri.EscapeDataString($"/approvals/{request.Values["token"]}")}")),
            ApprovalAnswer.Found { View: { Door: ApprovalDoor.Superseded } view } older => (StatusCodes.Status409Conflict, ApprovalEnds.Superseded(frame, view, older.State)),
            ApprovalAnswer.Found found => (StatusCodes.Status409Conflict, ApprovalEnds.Used(frame, found.View, found.State)),
            ApprovalAnswer.NotAsked asked => (StatusCodes.Status404NotFound, ApprovalEnds.NotAsked(frame, asked.Claim)),
            ApprovalAnswer.Forged => (StatusCodes.Status403Forbidden, ApprovalEnds.Forged(frame)),
            _ => (StatusCodes.Status404NotFound, ApprovalEnds.Malformed(frame)),
        };
        return request.WritePageAsync<ApprovalEndPage, ApprovalEndModel>(status, model);
    }

    private PageFrame Frame(ApiRequest request, string title) => request.Frame(pages, time, title);

    /// <summary>Whoever is signed in, in this browser or by a key.</summary>
    private static ApprovalPrincipal? Who(ApiRequest request) =>
        request.Caller.Roles == ApiRoles.None ? null : new ApprovalPrincipal(request.Caller.Name, request.Caller.HasAny(ApiRoles.Approver));

    /// <summary>A form is good for its link, in the session that it was shown to.</summary>
    private static string Holder(ApiRequest request) =>
        request.Caller.Session is { } session ? $"{request.Values["token"]}:{session}" : request.Values["token"];

    private static Task ShowAsync(ApiRequest request, int status, ApprovalModel model) => request.WritePageAsync<ApprovalPage, ApprovalModel>(status, model);
}
