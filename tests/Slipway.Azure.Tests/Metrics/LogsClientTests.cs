using System.Text.Json.Nodes;
using Azure.Core;
using Slipway.Azure.Metrics;
using Slipway.Azure.Tests.Loopback;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Metrics;

public sealed class LogsClientTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly VirtualTimeProvider _time = TestClock.AtNine();
    private readonly FakeCredential _credential = new();
    private JsonObject _answer = FakeLogAnalytics.Observations();
    private readonly FakeLogAnalytics _service;

    public LogsClientTests() => _service = new FakeLogAnalytics(_ => Task.FromResult(_answer));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task QueryAsync_EveryColumnType_IsReadAsWhatItIs()
    {
        LogColumn[] columns =
        [
            new("s", "string"), new("i", "int"), new("l", "long"), new("r", "real"), new("b", "bool"), new("t", "datetime"), new("d", "dynamic"),
            new("g", "guid"), new("m", "decimal"), new("p", "timespan"),
        ];
        _answer = FakeLogAnalytics.Table(
            columns,
            [["é", 1, 2L, 3.5, true, "2026-12-01T09:00:00.1234567Z", """{"a":1}""", FakeLogAnalytics.Workspace, "1.25", "00:01:00"], [null, null, null, null, null, null, null, null, null, null]]);

        var table = await AskAsync();

        Assert.Equal(columns, table.Columns);
        Assert.Equal(
            ["é", 1L, 2L, 3.5, true, new DateTimeOffset(2026, 12, 1, 9, 0, 0, TimeSpan.Zero).AddTicks(1234567), """{"a":1}""", FakeLogAnalytics.Workspace, "1.25", "00:01:00"],
            table.Rows[0]);

        // The library reads a string of nothing as an empty one; no row of the source tells them apart.
        Assert.All(table.Rows[1], value => Assert.True(value is null or ""));
    }

    [Theory]
    [InlineData("NaN", double.NaN)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    public async Task QueryAsync_ARealThatIsNoNumber_StaysOne(string text, double value)
    {
        _answer = FakeLogAnalytics.Table([new("r", "real")], [[text]]);
        Assert.Equal(value, (await AskAsync()).Rows[0][0]);
    }

    [Fact]
    public async Task QueryAsync_SendsTextAndTime()
    {
        await AskAsync();
        Assert.Equal("T | take 1", Assert.Single(_service.Queries));
        Assert.Equal("2026-12-01T09:00:00.0000000Z/2026-12-01T09:05:00.0000000Z", Assert.Single(_service.TimeSpans));
    }

    [Fact]
    public async Task QueryAsync_AnErrorBesideTables_IsNoAnswer()
    {
        _answer = FakeLogAnalytics.Observations();
        _answer["error"] = new JsonObject { ["code"] = "PartialError", ["message"] = "There were some errors when processing your query." };
        var error = await Assert.ThrowsAsync<PortUnavailableException>(AskAsync);
        Assert.Equal("log analytics: only a part of the answer came, which counts as none (PartialError: There were some errors when processing your query.)", error.Message);
    }

    [Fact]
    public async Task QueryAsync_SeveralTables_AreNoAnswer()
    {
        _answer["tables"]!.AsArray().Add(_answer["tables"]![0]!.DeepClone());
        Assert.Contains("2 tables came, expected 1", (await Assert.ThrowsAsync<PortUnavailableException>(AskAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QueryAsync_AServiceThatHangs_IsGivenUpBeforeItsPollIs()
    {
        var hanging = new HangingTransport();
        var question = Usual(options => options.Transport = hanging);
        await hanging.AskedAsync(1);
        await GivesUpAfterTwentySecondsAsync(question);
    }

    [Fact]
    public async Task QueryAsync_ASignInThatHangs_IsGivenUpLikewise()
    {
        _credential.AskedInVain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var question = Usual(Rerouted.To(_service.Url));
        await _credential.AskedInVain.Task;
        await GivesUpAfterTwentySecondsAsync(question);
        Assert.Empty(_service.Queries);
    }

    [Fact]
    public async Task QueryAsync_ThatItsCallerGivesUp_IsACancellation()
    {
        var hanging = new HangingTransport();
        using var givenUp = new CancellationTokenSource();
        var question = Usual(options => options.Transport = hanging, givenUp.Token);
        await hanging.AskedAsync(1);
        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question);
    }

    [Theory]
    [InlineData("long", "1.5")]
    [InlineData("int", "3000000000")]
    [InlineData("datetime", "\"yesterday\"")]
    public async Task QueryAsync_AValueThatIsNoneOfItsColumn_IsNoAnswer(string type, string value)
    {
        _service.Scripted.Add(200, $$"""{"tables":[{"name":"PrimaryResult","columns":[{"name":"V","type":"{{type}}"}],"rows":[[{{value}}]]}]}""");
        Assert.Contains("cannot be read", (await Assert.ThrowsAsync<PortUnavailableException>(AskAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QueryAsync_ARowThatIsTooShort_IsNoAnswer()
    {
        _answer = FakeLogAnalytics.Table([new("a", "long"), new("b", "long")], [[1]]);
        Assert.Contains("cannot be read", (await Assert.ThrowsAsync<PortUnavailableException>(AskAsync)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task QueryAsync_AnAnswerOfAnotherForm_IsNoAnswer(string body)
    {
        _service.Scripted.Add(200, body);
        await Assert.ThrowsAsync<PortUnavailableException>(AskAsync);
    }

    [Fact]
    public async Task QueryAsync_AWrongQuery_IsSaidByTheInnermostError()
    {
        _service.Scripted.Add(400, """
            {"error":{"message":"The request had some invalid properties","code":"BadArgumentError","innererror":{"code":"SemanticError","message":"A semantic error occurred.","innererror":{"code":"SEM0100","message":"'where' operator: Failed to resolve column named 'Arm'"}}}}
            """);
        Assert.Equal("'where' operator: Failed to resolve column named 'Arm'", (await Assert.ThrowsAsync<LogsQueryException>(AskAsync)).Message);
        Assert.Single(_service.Queries);
    }

    [Theory]
    [InlineData(401, "(401)")]
    [InlineData(403, "it needs the role Log Analytics Data Reader")]
    [InlineData(404, "answered 404 PathNotFoundError: no such workspace")]
    [InlineData(504, "answered 504")]
    [InlineData(0, "no answer")]
    public async Task QueryAsync_AnyOtherAnswer_IsWorthAnotherTry(int status, string words)
    {
        for (var i = 0; i < 3; i++) _service.Scripted.Add(status, status == 404 ? """{"error":{"code":"PathNotFoundError","message":"no such workspace"}}""" : "");
        var error = await Assert.ThrowsAsync<PortUnavailableException>(AskAsync);
        Assert.Equal("log analytics", error.System);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeCredential.Token, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task QueryAsync_Throttled_KeepsAShortWaitAndPassesALongOneOn()
    {
        _service.Scripted.Add(429, "", ("Retry-After", "0"));
        await AskAsync();
        Assert.Equal(2, _service.Queries.Count);

        _service.Scripted.Add(429, "", ("Retry-After", "30"));
        Assert.Equal(_time.GetUtcNow().AddSeconds(30), (await Assert.ThrowsAsync<PortUnavailableException>(AskAsync)).RetryAt);
        Assert.Equal(3, _service.Queries.Count);
    }

    [Fact]
    public async Task QueryAsync_OfAnotherCloud_AsksForATokenOfThatCloud()
    {
        await AskAsync();
        Assert.Equal("https://service.example.test//.default", Assert.Single(_credential.Scopes));
    }

    /// <summary>As in production: nothing is repeated.</summary>
    private Task<LogTable> Usual(Action<ClientOptions> adjust, CancellationToken? cancellation = null) => LogsClient.Create(_credential, _time, Rerouted.Endpoint, null, adjust)
        .QueryAsync(FakeLogAnalytics.Workspace, "T | take 1", Nine, Nine.AddMinutes(5), cancellation ?? Cancellation);

    private async Task GivesUpAfterTwentySecondsAsync(Task<LogTable> question)
    {
        _time.Advance(TimeSpan.FromSeconds(19.9));
        Assert.False(question.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("log analytics: no answer in time", (await Assert.ThrowsAsync<PortUnavailableException>(() => question)).Message);
    }

    private Task<LogTable> AskAsync() => LogsClient.Create(_credential, _time, Rerouted.Endpoint, Rerouted.Quick, Rerouted.To(_service.Url))
        .QueryAsync(FakeLogAnalytics.Workspace, "T | take 1", Nine, Nine.AddMinutes(5), Cancellation);
}
