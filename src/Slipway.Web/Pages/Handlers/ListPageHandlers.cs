using Microsoft.AspNetCore.Http;
using Slipway.Web.Api;
using Slipway.Workflow.Freezes;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Handlers;

/// <summary>The list of releases, a page at a time however many there are.</summary>
internal sealed class ListPageHandlers(ReleaseDesk desk, FreezeDesk freezes, PageServices pages, TimeProvider time)
{
    private const int LongestText = 100;

    public async Task GetAsync(ApiRequest request)
    {
        if (request.Number("skip", 0, 0, 1_000_000) is not { } skip)
        {
            await request.WriteAsync(ApiProblems.Query("skip", request.QueryText("skip"), "a whole number from 0 to 1000000"));
            return;
        }

        var status = request.QueryText("status");
        var text = request.QueryText("q").Trim();
        var filter = new ReleaseQuery(
            ListModel.Standings.FirstOrDefault(known => known.Word == status).Standing, text.Length > LongestText ? text[..LongestText] : text);
        var found = await desk.FindAsync(filter, (int)skip, ListModel.PageSize, request.Cancellation);
        var model = new ListModel(request.Frame(pages, time, "Releases") with { Live = true }, found, filter, (int)skip, await freezes.ShowAsync(request.Cancellation));
        await request.WritePageAsync<ListPage, ListModel>(StatusCodes.Status200OK, model);
    }
}
