using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Web.Api;
using Slipway.Workflow.Freezes;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Handlers;

/// <summary>The list of releases.</summary>
internal sealed class ListPageHandlers(ReleaseDesk desk, FreezeDesk freezes, PageServices pages, TimeProvider time)
{
    private const int PageSize = 25;

    /// <summary>A filter looks through so many releases for a page of its own.</summary>
    private const int LookedThrough = 1000;

    public async Task GetAsync(ApiRequest request)
    {
        if (request.Number("skip", 0, 0, 1_000_000) is not { } skip)
        {
            await request.WriteAsync(ApiProblems.Query("skip", request.QueryText("skip"), "a whole number from 0 to 1000000"));
            return;
        }

        var status = request.QueryText("status");
        var text = request.QueryText("q").Trim();
        var filter = new ListFilter(ListFilter.Statuses.Contains(status) ? status : "all", text.Length > 100 ? text[..100] : text);
        var all = filter == new ListFilter("all", "");

        // Unfiltered, the store pages; a filter pages over what it lets through.
        var found = all
            ? await desk.ListAsync((int)skip, PageSize + 1, request.Cancellation)
            : [.. (await desk.ListAsync(0, LookedThrough, request.Cancellation)).Where(filter.Shows).Skip((int)skip).Take(PageSize + 1)];
        var total = found.Count > 0 || all ? found.Count : (await desk.ListAsync(0, 1, request.Cancellation)).Count;
        var model = new ListModel(
            request.Frame(pages, time, "Releases") with { Live = true }, [.. found.Take(PageSize)], filter, total, await freezes.ShowAsync(request.Cancellation))
        {
            Next = found.Count > PageSize ? Address(filter, skip + PageSize) : null,
            Previous = skip > 0 ? Address(filter, Math.Max(0, skip - PageSize)) : null,
        };
        await request.WritePageAsync<ListPage, ListModel>(StatusCodes.Status200OK, model);
    }

    private static string Address(ListFilter filter, long skip) => string.Create(
        CultureInfo.InvariantCulture, $"/?status={filter.Status}&q={Uri.EscapeDataString(filter.Text)}&skip={skip}");
}
