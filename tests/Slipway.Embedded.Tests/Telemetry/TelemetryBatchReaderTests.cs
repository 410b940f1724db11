using System.Text;
using Slipway.Core.Analysis;
using Slipway.Embedded.Telemetry;

namespace Slipway.Embedded.Tests.Telemetry;

public sealed class TelemetryBatchReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 9, 0, 30, TimeSpan.Zero);

    [Fact]
    public void Read_AFullRow_ReadsEveryMember()
    {
        var batch = Read("""
            {"batch_id":"web-1/17","service":"search","rows":[{"arm":"control","start":"2026-12-01T10:00:00.5+01:00","requests":120,"errors":1,
            "region":"westeurope","latency_buckets":{"81":119,"102":1},"users":["ann","bob","ann"],"error_types":["T","T"],
            "dependency_failures":{"catalog":1},"kpis":{"orders":{"count":12,"sum":-40.5,"sum_of_squares":180.25}}}]}
            """);

        Assert.Empty(batch.Problems);
        var row = Assert.Single(batch.Rows);
        Assert.Equal(("web-1/17/0", "search", TelemetryArm.Control, "westeurope"), (row.Id, row.Service, row.Arm, row.Region));
        Assert.Equal((120, 1), (row.Requests, row.Errors));
        Assert.Equal(new DateTimeOffset(2026, 12, 1, 9, 0, 0, 500, TimeSpan.Zero), row.Start);
        Assert.Equal(new LatencyHistogram(new Dictionary<int, long> { [81] = 119, [102] = 1 }), row.Latency);
        Assert.Equal([UserHash.Of("ann"), UserHash.Of("bob")], row.Users!);
        Assert.Null(row.UserCount);
        Assert.Equal(["T"], row.ErrorTypes);
        Assert.Equal(1, row.DependencyFailures["catalog"]);
        Assert.Equal(new KpiSample(12, -40.5, 180.25), row.Kpis["orders"]);
    }

    [Fact]
    public void Read_ABareRow_FillsInTheDefaults()
    {
        var row = Assert.Single(Read(Body("""{"arm":"canary","start":"2026-12-01T09:00:00Z","requests":3,"latency_ms":[1,20.5],"user_count":2}""")).Rows);
        Assert.Equal((TelemetryArm.Canary, "global", 0), (row.Arm, row.Region, row.Errors));
        Assert.Equal(LatencyHistogram.Of(1, 20.5), row.Latency);
        Assert.Equal(2, row.UserCount);
        Assert.Null(row.Users);
    }

    [Fact]
    public void Read_Measurements_TellsWhatIsNotThereFromZero()
    {
        var row = Assert.Single(Read(Body("""{"arm":"control","start":"2026-12-01T09:00:00Z","requests":0,"measurements":{"heap_mb":512.5,"logins_failed":0,"drift":-3}}""")).Rows);
        Assert.Equal(new MeasurementSample(1, 512.5), row.Measurements["heap_mb"]);
        Assert.Equal(new MeasurementSample(1, 0), row.Measurements["logins_failed"]);
        Assert.Equal(-3, row.Measurements["drift"].Mean);
        Assert.False(row.Measurements.ContainsKey("cpu"));
    }

    [Fact]
    public void Read_SlowerThan_IsAmongTheLatencies()
    {
        var row = Assert.Single(Read(Body("""{"arm":"canary","start":"2026-12-01T09:00:00Z","requests":9,"latency_buckets":{"128":8},"slower_than":{"500":3,"150.5":8}}""")).Rows);
        Assert.Equal((3, 8), (row.Slower["500"], row.Slower["150.5"]));
        Assert.Null(row.Exact);

        var wrong = Read(Body("""{"arm":"canary","start":"2026-12-01T09:00:00Z","requests":9,"latency_buckets":{"128":8},"slower_than":{"500":9,"soon":1}}"""));
        Assert.Equal(
            ["rows[0].slower_than: found 9 slower than 500 ms; expected at most the row's latencies, 8", "rows[0].slower_than: found the threshold 'soon'; expected a number of milliseconds above zero, such as 500"],
            wrong.Problems.Select(problem => $"{problem.Path}: found {problem.Found}; expected {problem.Expected}"));
    }

    [Fact]
    public void Read_ByUser_KeepsHashesAndSlicesAndNoId()
    {
        var row = Assert.Single(Read(Body("""
            {"arm":"control","start":"2026-12-01T09:00:00Z","requests":9,"errors":4,"flag":"search-v2","by_user":[
            {"user":"ann","requests":3,"errors":2,"latency_buckets":{"81":2}},{"user":"bob","requests":2,"errors":1,"latency_ms":[1]},
            {"user":"cy","requests":1},{"user":"dee","requests":0}]}
            """)).Rows);

        Assert.Equal([UserHash.Of("ann"), UserHash.Of("bob"), UserHash.Of("cy")], row.Users!);
        Assert.Equal([UserHash.Of("ann"), UserHash.Of("bob")], row.FailedUsers!);
        Assert.Equal((1, "search-v2"), (row.FailuresOfNobody, row.Flag));
        var ann = Assert.Single(row.Positions!, position => position.Slice == PositionCounts.SliceOf("ann", "search-v2"));
        Assert.Equal((3, 2), (ann.Requests, ann.Errors));
        Assert.Equal(new LatencyHistogram(new Dictionary<int, long> { [81] = 2 }), ann.Latency);
        Assert.Equal([UserHash.Of("ann")], ann.FailedUsers);
        Assert.Equal((6, 3), (row.Positions!.Sum(position => position.Requests), row.Positions!.Sum(position => position.Errors)));
    }

    [Fact]
    public void Read_ByUserWithoutAFlag_KnowsFailedUsersOnly()
    {
        var row = Assert.Single(Read(Body("""{"arm":"canary","start":"2026-12-01T09:00:00Z","requests":1,"errors":1,"by_user":[{"user":"ann","requests":1,"errors":1}]}""")).Rows);
        Assert.Equal([UserHash.Of("ann")], row.FailedUsers!);
        Assert.Null(row.Flag);
        Assert.Null(row.Positions);
    }

    [Fact]
    public void Read_AFlagWithoutUsers_SaysNothing()
    {
        var row = Assert.Single(Read(Body("""{"arm":"canary","start":"2026-12-01T09:00:00Z","requests":1,"errors":1,"flag":"search-v2"}""")).Rows);
        Assert.Null(row.FailedUsers);
        Assert.Null(row.Flag);
    }

    [Fact]
    public void Read_TheSameBatchTwice_GivesTheSameRowIds()
    {
        var body = Body("""{"arm":"canary","start":"2026-12-01T09:00:00Z","requests":3}""", """{"arm":"control","start":"2026-12-01T09:00:00Z","requests":3}""");
        Assert.Equal(["b/0", "b/1"], Read(body).Rows.Select(row => row.Id));
        Assert.Equal(Read(body).Rows.Select(row => row.Id), Read(body).Rows.Select(row => row.Id));
    }

    [Fact]
    public void Read_ManyProblems_ReportsAllAtOnceWithPathFoundAndExpected()
    {
        var batch = Read("""
            {"service":"","rows":[{"arm":"green","start":"yesterday","requests":-1},7,
            {"arm":"canary","start":"2026-12-01T09:00:00Z","requests":1,"erors":1}],"extra":true}
            """);

        Assert.Empty(batch.Rows);
        Assert.Equal(
            [
                "extra: found an unknown member, expected one of batch_id, service, rows",
                "batch_id: found nothing, expected a text",
                "service: found \"\", expected a text of 1 to 200 characters",
                "rows[0].requests: found -1, expected a whole number from 0 to 1000000000",
                "rows[0].arm: found 'green', expected canary or control",
                "rows[0].start: found \"yesterday\", expected a time with its offset, such as 2026-12-01T09:00:00Z",
                "rows[1]: found 7, expected an object with arm, start and requests",
                "rows[2].erors: found an unknown member, expected one of arm, start, requests, errors, region, latency_buckets, latency_ms, users, user_count, by_user, flag, error_types, dependency_failures, kpis, slower_than, measurements; did you mean 'errors'?",
            ],
            batch.Problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("\"requests\":1,\"errors\":2", "rows[0].errors", "at most the row's requests, 1")]
    [InlineData("\"requests\":1,\"latency_ms\":[1,2]", "rows[0].latency_ms", "at most the row's requests, 1")]
    [InlineData("\"requests\":1,\"latency_ms\":[-1]", "rows[0].latency_ms[0]", "a number of 0 or more")]
    [InlineData("\"requests\":1,\"latency_ms\":[1],\"latency_buckets\":{}", "rows[0].latency_ms", "one of both")]
    [InlineData("\"requests\":1,\"latency_buckets\":{\"376\":1}", "rows[0].latency_buckets", "a bucket from 0 to 375")]
    [InlineData("\"requests\":1,\"latency_buckets\":{\"1\":1.5}", "rows[0].latency_buckets.1", "a whole number")]
    [InlineData("\"requests\":1,\"latency_buckets\":[]", "rows[0].latency_buckets", "an object")]
    [InlineData("\"requests\":1,\"users\":[\"a\"],\"user_count\":1", "rows[0].user_count", "one of both")]
    [InlineData("\"requests\":1,\"users\":[1]", "rows[0].users[0]", "a text")]
    [InlineData("\"requests\":1,\"region\":null", "rows[0].region", "a text")]
    [InlineData("\"requests\":1,\"by_user\":{}", "rows[0].by_user", "an array of at most 20000")]
    [InlineData("\"requests\":1,\"by_user\":[7]", "rows[0].by_user[0]", "an object with user and requests")]
    [InlineData("\"requests\":1,\"by_user\":[{\"user\":\"a\"}]", "rows[0].by_user[0].requests", "a whole number")]
    [InlineData("\"requests\":1,\"by_user\":[{\"requests\":1}]", "rows[0].by_user[0].user", "a text")]
    [InlineData("\"requests\":1,\"by_user\":[{\"user\":\"\",\"requests\":1}]", "rows[0].by_user[0].user", "a text of 1 to 200 characters")]
    [InlineData("\"requests\":1,\"by_user\":[{\"user\":\"a\",\"requests\":1,\"rps\":1}]", "rows[0].by_user[0].rps", "one of user, requests, errors")]
    [InlineData("\"requests\":2,\"errors\":2,\"by_user\":[{\"user\":\"a\",\"requests\":1,\"errors\":2}]", "rows[0].by_user[0].errors", "at most the user's requests, 1")]
    [InlineData("\"requests\":2,\"by_user\":[{\"user\":\"a\",\"requests\":1,\"latency_ms\":[1,2]}]", "rows[0].by_user[0].latency_ms", "at most the user's requests, 1")]
    [InlineData("\"requests\":2,\"by_user\":[{\"user\":\"a\",\"requests\":1},{\"user\":\"a\",\"requests\":1}]", "rows[0].by_user[1].user", "each user once")]
    [InlineData("\"requests\":2,\"by_user\":[{\"user\":\"a\",\"requests\":3}]", "rows[0].by_user", "at most the row's requests, 2")]
    [InlineData("\"requests\":2,\"by_user\":[{\"user\":\"a\",\"requests\":1,\"errors\":1}]", "rows[0].by_user", "at most the row's errors, 0")]
    [InlineData("\"requests\":1,\"users\":[\"a\"],\"by_user\":[]", "rows[0].users", "one of both")]
    [InlineData("\"requests\":1,\"user_count\":1,\"by_user\":[]", "rows[0].user_count", "one of both")]
    [InlineData("\"requests\":1,\"flag\":\"\",\"by_user\":[]", "rows[0].flag", "a text of 1 to 200 characters")]
    [InlineData("\"requests\":1e10", "rows[0].requests", "from 0 to 1000000000")]
    [InlineData("\"requests\":\"1\"", "rows[0].requests", "a whole number")]
    [InlineData("\"requests\":1,\"kpis\":{\"k\":{\"count\":1,\"sum\":1}}", "rows[0].kpis.k.sum_of_squares", "a number")]
    [InlineData("\"requests\":1,\"kpis\":{\"k\":1}", "rows[0].kpis.k", "an object with count, sum and sum_of_squares")]
    [InlineData("\"requests\":1,\"kpis\":{\"k\":{\"count\":1,\"sum\":1e999,\"sum_of_squares\":1}}", "rows[0].kpis.k.sum", "a number")]
    public void Read_AnImpossibleMember_IsNamed(string members, string path, string expected)
    {
        var problem = Assert.Single(Read(Body($$"""{"arm":"canary","start":"2026-12-01T09:00:00Z",{{members}}}""")).Problems);
        Assert.Equal(path, problem.Path);
        Assert.Contains(expected, problem.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-12-01T09:00:00")]
    [InlineData("2026-12-01")]
    [InlineData("1960-01-01T00:00:00Z")]
    [InlineData("2026-12-01T09:05:31Z")]
    public void Read_AStartWithoutOffsetOrOutOfRange_IsRefused(string start) =>
        Assert.Equal("rows[0].start", Assert.Single(Read(Body($$"""{"arm":"canary","start":"{{start}}","requests":1}""")).Problems).Path);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"batch_id\":\"a\",\"batch_id\":\"b\"}")]
    [InlineData("{\"batch_id\":\"\\ud800\",\"service\":\"s\",\"rows\":[]}")]
    [InlineData("[[[[[[[[[[1]]]]]]]]]]")]
    public void Read_WhatIsNotSoundJson_IsOneProblem(string body)
    {
        var problem = Assert.Single(Read(body).Problems);
        Assert.StartsWith("what is not JSON", problem.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnotherKindOfJson_IsOneProblem() => Assert.Equal("an array", Assert.Single(Read("[]").Problems).Found);

    [Fact]
    public void Read_TooManyRowsOrBytesOrProblems_StaysBounded()
    {
        var row = """{"arm":"canary","start":"2026-12-01T09:00:00Z","requests":1}""";
        Assert.Equal("1001 items", Assert.Single(Read(Body([.. Enumerable.Repeat(row, 1001)])).Problems).Found);
        Assert.Equal(1000, Read(Body([.. Enumerable.Repeat(row, 1000)])).Rows.Count);
        Assert.Equal(TelemetryBatchReader.MaxProblems, Read(Body([.. Enumerable.Repeat("1", 1000)])).Problems.Count);
        Assert.Contains("bytes", Assert.Single(Read(new string(' ', TelemetryBatchReader.MaxBytes + 1)).Problems).Found, StringComparison.Ordinal);
    }

    private static string Body(params IReadOnlyList<string> rows) => $$"""{"batch_id":"b","service":"s","rows":[{{string.Join(",", rows)}}]}""";

    private static TelemetryBatch Read(string body) => TelemetryBatchReader.Read(Encoding.UTF8.GetBytes(body), Now);
}
