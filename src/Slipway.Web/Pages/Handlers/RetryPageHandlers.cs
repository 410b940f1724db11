using Microsoft.AspNetCore.Http;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Web.Api;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Handlers;

/// <summary>Trying a release again from its page.</summary>
internal sealed class RetryPageHandlers(ReleaseDesk desk, PageServices pages, ApiSettings settings, TimeProvider time)
{
    public async Task FormAsync(ApiRequest request)
    {
        if (await FindAsync(request) is { } model) await ShowAsync(request, StatusCodes.Status200OK, model);
    }

    public async Task PostAsync(ApiRequest request)
    {
        if (await FindAsync(request) is not { } model || await FormBody.ReadAsync(request, settings.LargestDocument) is not { } form) return;
        model = model with { Reason = form["reason"] };
        if (ConfirmForm.Problem(form, pages.Forms, Purpose(request), request.Caller, model.Typed) is { } problem)
        {
            await ShowAsync(request, StatusCodes.Status400BadRequest, model with { Problem = problem });
            return;
        }

        switch (await desk.RetryAsync(model.Release, request.Caller.Name, CommandBody.OneLine(form["reason"]), request.Cancellation))
        {
            case RetryOutcome.Started started:
                request.SeeOther($"/releases/{started.Release}");
                break;
            case RetryOutcome.Refused refused:
                await ShowAsync(request, StatusCodes.Status400BadRequest, model with { Problem = string.Join(" ", refused.Problems) });
                break;
            case RetryOutcome.Insufficient insufficient:
                await ShowAsync(request, StatusCodes.Status422UnprocessableEntity, model with { Problem = $"Information is missing: {string.Join("; ", insufficient.Context.Missing)}." });
                break;
            default:
                request.SeeOther($"/releases/{model.Release}");
                break;
        }
    }

    private async Task<ConfirmModel?> FindAsync(ApiRequest request)
    {
        if (!request.TryGetRelease(out var release) || await desk.StateAsync(release, request.Cancellation) is not { Created: not null } state)
        {
            await request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"]));
            return null;
        }

        if (state.Phase is ReleasePhase.RolledBack or ReleasePhase.Failed) return Model(request, state);
        await request.WriteAsync(ApiProblem.Of(
            StatusCodes.Status409Conflict, "nothing_to_retry", "Nothing to try again",
            $"The release is {PhaseWords.Of(state.Phase)}; only one that was rolled back or failed can be tried again.", "See its page.") with
        { ReleaseId = release.Value });
        return null;
    }

    private ConfirmModel Model(ApiRequest request, ReleaseState state) => new()
    {
        Frame = request.Frame(pages, time, $"Try again: {state.Plan.ReleaseId}"),
        Release = state.Plan.ReleaseId,
        Heading = $"Try again: {state.Request.Release.Title} {state.Request.Release.Version}".TrimEnd(),
        Consequence = "The same request starts as a release of its own, from its first check on; approvals and windows count anew. This one stays as it ended.",
        Label = "Try again",
        Action = $"/releases/{state.Plan.ReleaseId}/retry",
        FormToken = pages.Forms.Make(Purpose(request), request.Caller.Holder()),
        CommandId = "retry",
        Cli = $"slipway retry {state.Plan.ReleaseId} --reason \"why\"",
        Http = CommandEquivalents.RetryHttp(state.Created!.BaseUrl, state.Plan.ReleaseId),
    };

    private static string Purpose(ApiRequest request) => $"retry:{request.Values["id"]}";

    private static Task ShowAsync(ApiRequest request, int status, ConfirmModel model) => request.WritePageAsync<ConfirmPage, ConfirmModel>(status, model);
}
