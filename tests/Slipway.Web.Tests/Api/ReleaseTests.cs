using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Contract;
using Slipway.Web.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Web.Tests.Api;

public sealed class ReleaseTests
{
    private readonly ApiWorld _world = new();

    [Fact]
    [Trait("requirement", "S002-48")]
    [Trait("requirement", "S002-49")]
    public async Task Get_Release_GivesItsReportWithItsSequenceAsETag()
    {
        var release = await _world.StartSampleAsync();

        var answer = await _world.SendAsync("GET", $"/api/releases/{release}", token: ApiWorld.ViewerToken);

        Assert.Equal(200, answer.Status);
        Assert.Equal("\"1\"", answer.Headers.ETag.ToString());
        Assert.Equal("streaming-search-indexer-2.4.0", answer.Json.GetProperty("release_id").GetString());
        Assert.Equal("in_progress", answer.Json.GetProperty("status").GetString());
        Assert.StartsWith("application/json", answer.Headers.ContentType.ToString(), StringComparison.Ordinal);
        Assert.Empty(ReportContract.Problems(answer.Body));
    }

    [Theory]
    [InlineData("\"1\"", 304)]
    [InlineData("W/\"1\"", 304)]
    [InlineData("\"0\", \"1\"", 304)]
    [InlineData("*", 304)]
    [InlineData("\"2\"", 200)]
    [InlineData("1", 200)]
    public async Task Get_WithAKnownETag_SendsNothingAgain(string known, int status)
    {
        var release = await _world.StartSampleAsync();

        foreach (var path in new[] { $"/api/releases/{release}", $"/api/releases/{release}/summary" })
        {
            var answer = await _world.SendAsync("GET", path, headers: ("If-None-Match", known));

            Assert.Equal(status, answer.Status);
            Assert.Equal(status == 304, answer.Body.Length == 0);
        }
    }

    [Fact]
    public async Task Get_AfterANewEntry_HasAnotherETag()
    {
        var release = await _world.StartSampleAsync();
        await _world.AppendAsync(release, new AlertRaised("x", AlertSeverity.Info, "x", "x"));

        Assert.Equal("\"2\"", (await _world.SendAsync("GET", $"/api/releases/{release}")).Headers.ETag.ToString());
    }

    [Theory]
    [InlineData("/api/releases/nothing")]
    [InlineData("/api/releases/nothing/summary")]
    [InlineData("/api/releases/nothing/ledger")]
    [InlineData("/api/releases/nothing/events")]
    [InlineData("/api/releases/Not An Id!")]
    public async Task Get_UnknownRelease_IsNotFound(string path) => (await _world.SendAsync("GET", path)).Problem(404, "no_such_release");

    [Fact]
    public async Task Head_AnswersLikeGetWithoutABody()
    {
        var release = await _world.StartSampleAsync();

        var answer = await _world.SendAsync("HEAD", $"/api/releases/{release}");

        Assert.Equal((200, ""), (answer.Status, answer.Body));
        Assert.Equal("\"1\"", answer.Headers.ETag.ToString());
    }

    [Fact]
    public async Task List_Pages_AndNamesTheNextPageWhileThereIsOne()
    {
        await _world.StartSampleAsync();
        await _world.StartSampleAsync(Samples.Small.Replace("2.4.0", "2.5.0", StringComparison.Ordinal));
        await _world.StartSampleAsync(Samples.Small.Replace("2.4.0", "2.6.0", StringComparison.Ordinal));

        var first = (await _world.SendAsync("GET", "/api/releases?take=2")).Json;
        Assert.Equal(2, first.GetProperty("releases").GetArrayLength());
        Assert.Equal("/api/releases?skip=2&take=2", first.GetProperty("next").GetString());

        var second = (await _world.SendAsync("GET", first.GetProperty("next").GetString()!)).Json;
        Assert.Equal(1, second.GetProperty("releases").GetArrayLength());
        Assert.False(second.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task List_WithoutReleases_IsEmpty() =>
        Assert.Equal(0, (await _world.SendAsync("GET", "/api/releases")).Json.GetProperty("releases").GetArrayLength());

    [Theory]
    [InlineData("take=0")]
    [InlineData("take=201")]
    [InlineData("take=ten")]
    [InlineData("take=1&take=2")]
    [InlineData("skip=-1")]
    [InlineData("skip=99999999999999999999")]
    public async Task List_BadPage_IsRefused(string query) => (await _world.SendAsync("GET", $"/api/releases?{query}")).Problem(400, "invalid_input");

    [Fact]
    public async Task Get_StoreDown_IsUnavailableWithRetryAfter()
    {
        var release = await _world.StartSampleAsync();
        _world.Ledger.Down = true;

        var answer = await _world.SendAsync("GET", $"/api/releases/{release}");

        answer.Problem(503, "unavailable");
        Assert.Equal("5", answer.Headers.RetryAfter.ToString());
    }

    [Fact]
    public async Task Get_UnexpectedFailure_SaysNothingOfItsCause()
    {
        var release = await _world.StartSampleAsync();
        _world.Ledger.OnRead = _ => throw new InvalidOperationException("secret connection string");

        var answer = await _world.SendAsync("GET", $"/api/releases/{release}");

        answer.Problem(500, "unexpected");
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Summary_OfAnEndedRelease_HasItsPhase()
    {
        var release = await _world.StartSampleAsync();
        await _world.EndAsync(release, ReleasePhase.Completed);

        Assert.Equal("completed", (await _world.SendAsync("GET", $"/api/releases/{release}/summary")).Json.GetProperty("phase").GetString());
    }
}
