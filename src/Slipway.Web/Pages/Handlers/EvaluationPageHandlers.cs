using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Web.Api;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Handlers;

/// <summary>Answers to evaluations by button.</summary>
internal sealed class EvaluationPageHandlers(ReleaseDesk desk, PageServices pages, ApiSettings settings, TimeProvider time)
{
    public async Task FormAsync(ApiRequest request)
    {
        if (await FindAsync(request) is { } found) await ShowAsync(request, StatusCodes.Status200OK, found.Model);
    }

    public async Task PostAsync(ApiRequest request)
    {
        if (await FindAsync(request) is not { } found || await FormBody.ReadAsync(request, settings.LargestDocument) is not { } form) return;
        var model = found.Model with { Reason = form["reason"] };
        if (CommandBody.IsId(form["id"])) model = model with { CommandId = form["id"] };
        if (ConfirmForm.Problem(form, pages.Forms, Purpose(request), request.Caller, model.Typed) is { } problem)
        {
            await ShowAsync(request, StatusCodes.Status400BadRequest, model with { Problem = problem });
            return;
        }

        var answer = new EvaluationAnswer(model.CommandId, found.Evaluation.Opened.Id, found.Verdict, request.Caller.Name, CommandBody.OneLine(form["reason"]));
        if (await desk.AnswerAsync(model.Release, answer, request.Cancellation) is CommandOutcome.OtherContent other)
            await request.WriteAsync(CommandHandlers.Other(model.Release, answer.Id, other.Sequence));
        else
            request.SeeOther($"/releases/{model.Release}");
    }

    private async Task<(ConfirmModel Model, EvaluationFact Evaluation, EvaluationVerdict Verdict)?> FindAsync(ApiRequest request)
    {
        if (!request.TryGetRelease(out var release) || await desk.StateAsync(release, request.Cancellation) is not { Created: not null } state)
        {
            await request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"]));
            return null;
        }

        EvaluationVerdict? verdict = request.Values["verdict"] switch
        {
            "confirm" => EvaluationVerdict.Confirm,
            "dismiss" => EvaluationVerdict.Dismiss,
            _ => null,
        };
        if (verdict is null || state.OpenEvaluations.FirstOrDefault(fact => fact.Opened.Id == request.Values["evaluation"]) is not { } evaluation)
        {
            await request.WriteAsync(ApiProblem.Of(
                StatusCodes.Status409Conflict, "nothing_asked", "Nothing is asked any more",
                $"The evaluation '{request.Values["evaluation"]}' is not open; nothing was recorded.", "The release's page says what became of it.") with
            { ReleaseId = release.Value });
            return null;
        }

        return (Model(request, state, evaluation, verdict.Value), evaluation, verdict.Value);
    }

    private ConfirmModel Model(ApiRequest request, ReleaseState state, EvaluationFact evaluation, EvaluationVerdict verdict)
    {
        var release = state.Plan.ReleaseId;
        var back = verdict == EvaluationVerdict.Confirm;
        var word = back ? "confirm" : "dismiss";
        return new ConfirmModel
        {
            Frame = request.Frame(pages, time, $"{(back ? "Confirm" : "Dismiss")}: {release}"),
            Release = release,
            Heading = back ? "It is as bad as it looks" : "It is not as bad as it looks",
            Consequence = $"{evaluation.Opened.Sentence}. {(back ? $"{state.Exposure} of users return to how it was before." : $"The release goes on at {state.Exposure} of users; the watch goes on.")}",
            Label = back ? "Confirm and roll back" : "Dismiss and go on",
            Action = $"/releases/{release}/evaluations/{evaluation.Opened.Id}/{word}",
            FormToken = pages.Forms.Make(Purpose(request), request.Caller.Holder()),
            CommandId = $"page-{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
            Typed = back ? release.Value : null,
            Danger = back,
            Cli = $"slipway answer {release} {evaluation.Opened.Id} {word}",
        };
    }

    private static string Purpose(ApiRequest request) => $"evaluation:{request.Values["id"]}:{request.Values["evaluation"]}:{request.Values["verdict"]}";

    private static Task ShowAsync(ApiRequest request, int status, ConfirmModel model) => request.WritePageAsync<ConfirmPage, ConfirmModel>(status, model);
}
