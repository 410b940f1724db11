using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Ledgers;
using Slipway.Core.Outlook;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Api;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Handlers;

/// <summary>Commands by button: a page that says what would happen, then a form that does it, then the release's page with what came of it.</summary>
internal sealed class CommandPageHandlers(ReleaseDesk desk, PageServices pages, ApiSettings settings, TimeProvider time)
{
    public async Task FormAsync(ApiRequest request)
    {
        if (await FindAsync(request) is not var (state, choice)) return;
        await ShowAsync(request, StatusCodes.Status200OK, Model(request, state, choice));
    }

    public async Task PostAsync(ApiRequest request)
    {
        if (await FindAsync(request) is not var (state, choice) || await FormBody.ReadAsync(request, settings.LargestDocument) is not { } form) return;
        if (!settings.Policy.Takes(choice.Kind))
        {
            await request.WriteAsync(ApiProblems.PolicyUnknown(settings.Policy.Unknown!));
            return;
        }

        var id = form["id"];
        var model = Model(request, state, choice) with { Reason = form["reason"], Duration = form["duration"] is { Length: > 0 } stated ? stated : "30m" };
        if (CommandBody.IsId(id)) model = model with { CommandId = id };
        TimeSpan? duration = null;
        if ((ConfirmForm.Problem(form, pages.Forms, Purpose(request), request.Caller, model.Typed) ?? Duration(form, choice, out duration)) is { } problem)
        {
            await ShowAsync(request, StatusCodes.Status400BadRequest, model with { Problem = problem });
            return;
        }

        var command = new ReleaseCommand(model.CommandId, choice.Kind, request.Caller.Name, CommandBody.OneLine(form["reason"])) { Duration = duration };
        switch (await desk.CommandAsync(state.Plan.ReleaseId, command, request.Cancellation))
        {
            case CommandOutcome.Accepted:
                request.SeeOther($"/releases/{state.Plan.ReleaseId}?done={command.Id}");
                break;
            case CommandOutcome.Ended:
                request.SeeOther($"/releases/{state.Plan.ReleaseId}");
                break;
            case CommandOutcome.OtherContent other:
                await request.WriteAsync(CommandHandlers.Other(state.Plan.ReleaseId, command.Id, other.Sequence));
                break;
            default:
                await request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"]));
                break;
        }
    }

    private static string? Duration(FormBody form, CommandChoice choice, out TimeSpan? duration)
    {
        duration = null;
        if (choice.Kind != ReleaseCommandKind.Extend) return null;
        if (!DurationText.TryParse(form["duration"].Trim(), out var longer) || longer <= TimeSpan.Zero || longer > CommandBody.LongestExtension)
            return $"'{form["duration"]}' is no duration above zero and up to 7 days, such as 30m or 2h.";
        duration = longer;
        return null;
    }

    /// <summary>The release and the command; null where either is not there, which is answered then.</summary>
    private async Task<(ReleaseState State, CommandChoice Choice)?> FindAsync(ApiRequest request)
    {
        if (!request.TryGetRelease(out var release) || await desk.StateAsync(release, request.Cancellation) is not { Created: not null } state)
        {
            await request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"]));
            return null;
        }

        if (CommandChoice.Of(state).FirstOrDefault(choice => choice.Word == request.Values["command"]) is { } choice) return (state, choice);
        await request.WriteAsync(ApiProblem.Of(
            StatusCodes.Status409Conflict, "command_does_nothing", "That does nothing now",
            $"'{request.Values["command"]}' does nothing while the release is {PhaseWords.Of(state.Phase)}.",
            "Its page shows the commands that do something now.") with
        { ReleaseId = release.Value });
        return null;
    }

    private ConfirmModel Model(ApiRequest request, ReleaseState state, CommandChoice choice) => new()
    {
        Frame = request.Frame(pages, time, $"{choice.Label}: {state.Plan.ReleaseId}"),
        Release = state.Plan.ReleaseId,
        Heading = $"{choice.Label}: {state.Request.Release.Title} {state.Request.Release.Version}".TrimEnd(),
        Consequence = choice.Consequence,
        Label = choice.Label,
        Action = $"/releases/{state.Plan.ReleaseId}/commands/{choice.Word}",
        FormToken = pages.Forms.Make(Purpose(request), request.Caller.Holder()),
        CommandId = $"page-{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
        Typed = choice.Severe ? state.Plan.ReleaseId.Value : null,
        AsksDuration = choice.Kind == ReleaseCommandKind.Extend,
        Danger = choice.Kind is ReleaseCommandKind.RollBack or ReleaseCommandKind.Abort,
        Cli = CommandEquivalents.Cli(state.Plan.ReleaseId, choice.Kind),
        Http = CommandEquivalents.Http(state.Created!.BaseUrl, state.Plan.ReleaseId, choice.Kind),
    };

    private static string Purpose(ApiRequest request) => $"command:{request.Values["id"]}:{request.Values["command"]}";

    private static Task ShowAsync(ApiRequest request, int status, ConfirmModel model) => request.WritePageAsync<ConfirmPage, ConfirmModel>(status, model);
}
