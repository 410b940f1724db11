using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Outlook;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Api;

/// <summary>One page of the list of releases.</summary>
/// <param name="Releases">Newest start first.</param>
/// <param name="Skip">How many newer ones stand before this page.</param>
/// <param name="Take">The largest size of a page.</param>
/// <param name="Next">The next page; null on the last.</param>
public sealed record ReleasePage(IReadOnlyList<ReleaseSummary> Releases, int Skip, int Take, string? Next);

/// <summary>Reading releases: the list, the report, the summary.</summary>
internal sealed class ReleaseHandlers(ReleaseDesk desk, TimeProvider time)
{
    private const int StandardPage = 50;
    private const int LargestPage = 200;
    private const int LargestSkip = 1_000_000;

    public async Task ListAsync(ApiRequest request)
    {
        if (request.Number("skip", 0, 0, LargestSkip) is not { } skip)
        {
            await request.WriteAsync(ApiProblems.Query("skip", request.QueryText("skip"), $"a whole number from 0 to {LargestSkip}"));
            return;
        }

        if (request.Number("take", StandardPage, 1, LargestPage) is not { } take)
        {
            await request.WriteAsync(ApiProblems.Query("take", request.QueryText("take"), $"a whole number from 1 to {LargestPage}"));
            return;
        }

        // One more than asked for tells whether there is a next page.
        var found = await desk.ListAsync((int)skip, (int)take + 1, request.Cancellation);
        var more = found.Count > take;
        var next = more ? string.Create(CultureInfo.InvariantCulture, $"/api/releases?skip={skip + take}&take={take}") : null;
        await request.WriteAsync(StatusCodes.Status200OK, new ReleasePage([.. found.Take((int)take)], (int)skip, (int)take, next));
    }

    public async Task GetAsync(ApiRequest request)
    {
        if (await FindAsync(request) is not { } snapshot || NotModified(request, snapshot))
            return;
        await request.WriteTextAsync(StatusCodes.Status200OK, ApiAnswers.Json, snapshot.ReportJson);
    }

    public async Task SummaryAsync(ApiRequest request)
    {
        if (await FindAsync(request) is not { } snapshot || NotModified(request, snapshot))
            return;
        await request.WriteAsync(StatusCodes.Status200OK, snapshot.Summary);
    }

    /// <summary>What it would take to promote the release now.</summary>
    public async Task OutlookAsync(ApiRequest request)
    {
        if (!request.TryGetRelease(out var release) || await desk.StateAsync(release, request.Cancellation) is not { Created: not null } state)
        {
            await request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"]));
            return;
        }

        await request.WriteAsync(StatusCodes.Status200OK, PromotionOutlook.Of(state, time.GetUtcNow()));
    }

    private async Task<ReleaseSnapshot?> FindAsync(ApiRequest request)
    {
        var snapshot = request.TryGetRelease(out var release) ? await desk.GetAsync(release, request.Cancellation) : null;
        if (snapshot is null)
            await request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"]));
        return snapshot;
    }

    private static bool NotModified(ApiRequest request, ReleaseSnapshot snapshot)
    {
        var tag = string.Create(CultureInfo.InvariantCulture, $"\"{snapshot.Sequence}\"");
        request.Http.Response.Headers.ETag = tag;
        return request.Knows(tag);
    }
}
