using Microsoft.AspNetCore.Http;
using Slipway.Core.Documents.Evidence;
using Slipway.Web.Api;
using Slipway.Web.Pages.Rehearsals;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Handlers;

/// <summary>What was rehearsed of a release, and how small a regression its stages find.</summary>
internal sealed class RehearsalPageHandlers(ReleaseDesk desk, PageServices pages, TimeProvider time)
{
    public async Task GetAsync(ApiRequest request)
    {
        if (!request.TryGetRelease(out var release) || await desk.StateAsync(release, request.Cancellation) is not { Created: { } created } state)
        {
            await request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"]));
            return;
        }

        var title = $"{state.Request.Release.Title} {state.Request.Release.Version}".TrimEnd();
        await request.WritePageAsync<RehearsalPage, RehearsalModel>(
            StatusCodes.Status200OK, new RehearsalModel(request.Frame(pages, time, "Rehearsal"), release, title, StartEvidence.Of(created)));
    }
}
