using Microsoft.AspNetCore.Http;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Api;

/// <summary>The ledger of a release: as lines, and as a stream of events.</summary>
internal sealed class LedgerHandlers(ReleaseDesk desk, ApiSettings settings, TimeProvider time)
{
    private const string EndedType = "release.ended.v1";
    private const int LargestPage = 1_000_000;

    public async Task LinesAsync(ApiRequest request)
    {
        if (request.Number("after", 0, 0, long.MaxValue) is not { } after)
        {
            await request.WriteAsync(BadCursor(request.QueryText("after")));
            return;
        }

        if (request.Number("take", LargestPage, 1, LargestPage) is not { } take)
        {
            await request.WriteAsync(ApiProblems.Query("take", request.QueryText("take"), $"a whole number from 1 to {LargestPage}"));
            return;
        }

        if (await ReadAsync(request, after) is { } read)
            await request.WriteTextAsync(StatusCodes.Status200OK, "application/x-ndjson; charset=utf-8", LedgerLines.WriteAll(read.Entries.Take((int)take)));
    }

    /// <summary>
    /// Server-sent events: each ledger entry with its sequence as id and its type as event name, then <c>end</c> after the release ended.
    /// Resumes behind <c>Last-Event-ID</c>, or behind <c>after</c>.
    /// </summary>
    public async Task EventsAsync(ApiRequest request)
    {
        if (Cursor(request) is not { } after)
        {
            await request.WriteAsync(BadCursor(request.Http.Request.Headers["Last-Event-ID"].ToString()));
            return;
        }

        if (await ReadAsync(request, after) is not { } first)
            return;
        var response = request.Http.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        // Proxies that collect answers would hold events back.
        response.Headers["X-Accel-Buffering"] = "no";
        await response.WriteAsync("retry: 2000\n\n", request.Cancellation);
        await StreamAsync(request, first.Release, first.Entries, after);
    }

    private async Task StreamAsync(ApiRequest request, ReleaseId release, IReadOnlyList<LedgerEntry> entries, long after)
    {
        var response = request.Http.Response;
        // A client that comes back behind the end will not see it again; notices may still follow it.
        var ended = after > 0 && await EndedAsync(release, after, request.Cancellation);
        var quietSince = time.GetTimestamp();
        Task? next = null;
        while (true)
        {
            foreach (var entry in entries)
            {
                await response.WriteAsync($"id: {entry.Sequence}\nevent: {entry.Type}\ndata: {LedgerLines.Write(entry)}\n\n", request.Cancellation);
                after = entry.Sequence;
                ended |= entry.Type == EndedType;
                quietSince = time.GetTimestamp();
            }

            if (ended)
            {
                await response.WriteAsync("event: end\ndata: {}\n\n", request.Cancellation);
                await response.Body.FlushAsync(request.Cancellation);
                return;
            }

            if (time.GetElapsedTime(quietSince) >= settings.EventKeepAlive)
            {
                await response.WriteAsync(": nothing new\n\n", request.Cancellation);
                quietSince = time.GetTimestamp();
            }

            await response.Body.FlushAsync(request.Cancellation);
            // The next append is waited for from before the ledger is read, so that nothing is slept through in between.
            if (next is not null) await WaitAsync(next, request.Cancellation);
            next = desk.NextAppendAsync(release);
            entries = await desk.LedgerAsync(release, after, request.Cancellation) ?? [];
        }
    }

    /// <summary>Until something is appended on this host, or it is time to look for what another one appended.</summary>
    private async Task WaitAsync(Task next, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(next, Task.Delay(settings.EventPoll, time, patience.Token));
        await patience.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task<bool> EndedAsync(ReleaseId release, long after, CancellationToken cancellation) =>
        (await desk.LedgerAsync(release, 0, cancellation) ?? []).Any(entry => entry.Sequence <= after && entry.Type == EndedType);

    private async Task<(ReleaseId Release, IReadOnlyList<LedgerEntry> Entries)?> ReadAsync(ApiRequest request, long after)
    {
        if (request.TryGetRelease(out var release) && await desk.LedgerAsync(release, after, request.Cancellation) is { } entries)
            return (release, entries);
        await request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"]));
        return null;
    }

    private static long? Cursor(ApiRequest request)
    {
        var header = request.Http.Request.Headers["Last-Event-ID"].ToString();
        if (header.Length == 0)
            return request.Number("after", 0, 0, long.MaxValue);
        return long.TryParse(header, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : null;
    }

    private static ApiProblem BadCursor(string found) => ApiProblems.Query("after", found, "the sequence of a ledger entry, 0 or more");
}
