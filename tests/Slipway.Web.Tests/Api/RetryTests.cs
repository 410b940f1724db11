using Slipway.Core.Releases;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Api;

public sealed class RetryTests
{
    private readonly ApiWorld _world = new();

    private Task<ApiAnswer> RetryAsync(string id, string body = """{ "reason": "fixed" }""") => _world.SendAsync("POST", $"/api/releases/{id}/retry", body, "application/json");

    [Fact]
    public async Task Retry_OfARolledBackRelease_StartsTheNextAttemptOnce()
    {
        var release = await _world.StartSampleAsync();
        await _world.EndAsync(release, ReleasePhase.RolledBack);

        var first = await RetryAsync(release.Value);
        var again = await RetryAsync(release.Value);

        Assert.Equal((201, 200), (first.Status, again.Status));
        Assert.Equal($"{release}-attempt-2", first.Json.GetProperty("id").GetString());
        Assert.Equal((2, release.Value), (first.Json.GetProperty("attempt").GetInt32(), first.Json.GetProperty("retry_of").GetString()));
        Assert.Equal($"/api/releases/{release}-attempt-2", first.Headers.Location.ToString());
        Assert.False(again.Json.GetProperty("created").GetBoolean());
        Assert.Contains(ReleaseId.Parse($"{release}-attempt-2"), _world.Engine.Scheduled);
        var summary = (await _world.SendAsync("GET", $"/api/releases/{release}/summary")).Json;
        Assert.Equal($"{release}-attempt-2", summary.GetProperty("retried_by").GetString());
    }

    [Fact]
    public async Task Retry_OfARunningOrCompletedRelease_IsRefused()
    {
        var release = await _world.StartSampleAsync();

        (await RetryAsync(release.Value)).Problem(409, "nothing_to_retry");
        await _world.EndAsync(release, ReleasePhase.Completed);
        (await RetryAsync(release.Value)).Problem(409, "nothing_to_retry");
        (await RetryAsync("nothing")).Problem(404, "no_such_release");
        (await RetryAsync(release.Value, """{ "why": "x" }""")).Problem(400, "invalid_input");
    }
}
