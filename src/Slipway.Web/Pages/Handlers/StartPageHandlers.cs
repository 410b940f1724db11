using Microsoft.AspNetCore.Http;
using Slipway.Core.Requests;
using Slipway.Web.Access;
using Slipway.Web.Api;
using Slipway.Web.Requests;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Handlers;

/// <summary>Starting a release from a page: the same reading, refusals and recording as through the API.</summary>
internal sealed class StartPageHandlers(ReleaseDesk desk, PageServices pages, ApiSettings settings, TimeProvider time)
{
    private const string Purpose = "start";

    public Task FormAsync(ApiRequest request) => ShowAsync(request, StatusCodes.Status200OK, Model(request, ""));

    public async Task PostAsync(ApiRequest request)
    {
        // Percent-encoding makes a form up to three times as long as its text.
        if (await FormBody.ReadAsync(request, 3 * settings.LargestDocument) is not { } form) return;
        var model = Model(request, form["request"]);
        if (!pages.Forms.Accepts(form[FormTokens.Field], Purpose, request.Caller.Holder()))
        {
            await ShowAsync(request, StatusCodes.Status400BadRequest, model with { Problem = "The form was open for too long, or did not come from this page. Look at it, and send it again." });
            return;
        }

        var reading = ReleaseRequestReader.Read(RequestFile.Parse(model.Text));
        if (reading.Request is not { } read)
        {
            await ShowAsync(request, StatusCodes.Status400BadRequest, model with { Problems = reading.Problems });
            return;
        }

        if (form["do"] == "start") await StartAsync(request, model, read);
        else await CheckAsync(request, model, read);
    }

    private async Task StartAsync(ApiRequest request, StartModel model, ReleaseRequest read)
    {
        switch (await desk.StartAsync(read, request.Caller.Name, request.Cancellation))
        {
            case StartOutcome.Started started:
                request.SeeOther($"/releases/{started.Release}");
                break;
            case StartOutcome.Conflict conflict:
                await ShowAsync(request, StatusCodes.Status409Conflict, model with
                {
                    Problem = $"The release '{conflict.Release}' was already started from a different request. Give this one another release.id.",
                });
                break;
            case StartOutcome.Insufficient insufficient:
                await ShowAsync(request, StatusCodes.Status422UnprocessableEntity, model with { Missing = insufficient.Context });
                break;
            case StartOutcome.Refused refused:
                await ShowAsync(request, StatusCodes.Status400BadRequest, model with { Problems = refused.Problems });
                break;
        }
    }

    private async Task CheckAsync(ApiRequest request, StartModel model, ReleaseRequest read)
    {
        var checkedModel = await desk.CheckAsync(read, request.Cancellation) switch
        {
            StartCheck.Ready ready => model with { Plan = ready.Plan, Questions = ready.Questions },
            StartCheck.Insufficient insufficient => model with { Missing = insufficient.Context },
            StartCheck.Refused refused => model with { Problems = refused.Problems },
            _ => model,
        };
        await ShowAsync(request, StatusCodes.Status200OK, checkedModel);
    }

    private StartModel Model(ApiRequest request, string text) =>
        new(request.Frame(pages, time, "Start a release"), pages.Forms.Make(Purpose, request.Caller.Holder()), text);

    private static Task ShowAsync(ApiRequest request, int status, StartModel model) => request.WritePageAsync<StartPage, StartModel>(status, model);
}
