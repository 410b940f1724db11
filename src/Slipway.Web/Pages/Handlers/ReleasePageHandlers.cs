using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Ledgers;
using Slipway.Core.Outlook;
using Slipway.Web.Api;
using Slipway.Web.Pages.Charts;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Handlers;

/// <summary>The page of one release, as it is or as it was.</summary>
internal sealed class ReleasePageHandlers(ReleaseDesk desk, ReleaseStories stories, PageServices pages, TimeProvider time)
{
    public async Task GetAsync(ApiRequest request)
    {
        if (await ModelAsync(request) is { } model) await request.WritePageAsync<ReleaseDetailPage, ReleaseModel>(StatusCodes.Status200OK, model);
    }

    /// <summary>What the page shows; null: there is no such release or moment, which is answered then.</summary>
    internal async Task<ReleaseModel?> ModelAsync(ApiRequest request)
    {
        if (!request.TryGetRelease(out var release) || await desk.StateAsync(release, request.Cancellation) is not { Created: not null } now
            || await stories.ReadAsync(now, request.Cancellation) is not var (timeline, rows, head))
        {
            await request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"]));
            return null;
        }

        if (request.QueryText("at").Length == 0) return Model(request, now, timeline, rows, head, null);
        if (request.Number("at", 0, 1, head) is { } at && await stories.ReadAsync(release, at, request.Cancellation) is { } then)
            return Model(request, then.State, then.Timeline, then.Rows, then.Head, at);
        await request.WriteAsync(ApiProblems.Query("at", request.QueryText("at"), string.Create(CultureInfo.InvariantCulture, $"the sequence of an entry, 1 to {head}")));
        return null;
    }

    private ReleaseModel Model(ApiRequest request, ReleaseState state, EvidenceTimeline timeline, IReadOnlyList<LedgerRow> rows, long head, long? at)
    {
        var metrics = ReleaseModel.MetricsOf(state);
        var asked = request.QueryText("metric");
        var done = request.QueryText("done");
        var frame = request.Frame(pages, time, $"{state.Request.Release.Title} {state.Request.Release.Version}".TrimEnd());
        return new ReleaseModel
        {
            // A past moment is shown as of then: nothing counts down, and nothing changes any more.
            Frame = at is not null
                ? frame with { Now = state.UpdatedAt }
                : frame with
                {
                    Live = true,
                    Follows = state.Plan.ReleaseId.Value,
                    Sequence = head,
                    Announcement = $"{PhaseWords.Of(state.Phase)}, {state.Exposure} of users",
                },
            State = state,
            Timeline = timeline,
            Rows = rows,
            Head = head,
            At = at,
            Metrics = metrics,
            Metric = metrics.FirstOrDefault(metric => metric.Id == asked) ?? ChartMetric.ErrorRate,
            Answered = done.Length > 0 && at is null ? state.Commands.Find(fact => fact.Command.Id == done) : null,
        };
    }
}
