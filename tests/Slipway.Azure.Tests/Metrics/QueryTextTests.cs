using System.Globalization;
using System.Runtime.CompilerServices;
using Azure.Monitor.Query;
using Slipway.Azure.Metrics;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Azure.Tests.Metrics;

/// <summary>
/// The queries to the letter, since nothing here can run KQL: a change shows in the files beside this one. With SLIPWAY_UPDATE_GOLDEN=1 they
/// are written anew.
/// </summary>
public sealed class QueryTextTests
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Poll_ByEvaluations() => AssertFile("poll-by-evaluations.kql", KqlObservations.Write(Query(
        new LogsPlan { Flag = "search-v2", Kpis = ["orders", "clicks"], Measurements = ["heap_mb"] }, [300, 500.5])));

    [Fact]
    public void Poll_ByAProperty() => AssertFile("poll-by-property.kql", KqlObservations.Write(Query(
        new LogsPlan { Flag = "search-v2", Role = TelemetrySpec.EveryRole, ArmProperty = "version", RegionProperty = "geo", Measurements = ["heap_mb"] }, [])));

    [Fact]
    public void Poll_WithQueriesOfItsOwn()
    {
        var query = Query(new LogsPlan { Kpis = ["orders"], Measurements = ["heap_mb"] }, []);
        AssertFile("poll-with-own-queries.kql", KqlObservations.Write(query with
        {
            Watch = query.Watch with
            {
                Queries = new Dictionary<string, string>
                {
                    ["requests"] = "let slow = 100;\nAppRequests\n| project TimeGenerated, Arm = tostring(Properties.arm), Success, DurationMs // all of them\n;",
                    ["orders"] = "AppEvents | where Name == 'order' | project TimeGenerated, Arm = tostring(Properties.arm), Value = todouble(Measurements.total)",
                    ["heap_mb"] = "AppPerformanceCounters | where Name == 'Private Bytes' | project TimeGenerated, Value = Value / 1048576",
                },
            },
        }));
    }

    [Fact]
    public void The_export_for_a_backtest_has_the_latency_buckets_of_a_poll()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Serverless.sln"))) folder = folder.Parent!;

        Assert.Contains($"| extend bucket = {KqlRequests.Bucket}\n", File.ReadAllText(Path.Combine(folder.FullName, "samples", "telemetry", "export.kql")), StringComparison.Ordinal);
    }

    [Fact]
    public void Cohort() => AssertFile("cohort.kql", KqlCohort.Write(Query(new LogsPlan { Flag = "search-v2" }, []), new CohortQuery("search-v2", new Percentage(12.5m))));

    [Theory]
    [InlineData("plain")]
    [InlineData("a\"b\\c")]
    [InlineData("'; AppRequests | take 1 //")]
    [InlineData("line\r\nbreak\ttab")]
    public void KqlText_Strings_AreWhatTheLibraryWouldWrite(string text) =>
        Assert.Equal(LogsQueryClient.CreateQuery($"{text}"), KqlText.Of(text).Replace("\\u000d", "\\r", StringComparison.Ordinal).Replace("\\u000a", "\\n", StringComparison.Ordinal).Replace("\\u0009", "\\t", StringComparison.Ordinal));

    [Theory]
    [InlineData("é\u2028\u0000🚀", "\"\\u00e9\\u2028\\u0000\\ud83d\\ude80\"")]
    public void KqlText_WhatCannotBeSeen_IsEscaped(string text, string literal) => Assert.Equal(literal, KqlText.Of(text));

    [Fact]
    public void KqlText_TimesAndNumbers_AreLiterals()
    {
        Assert.Equal("datetime(2026-12-01T09:00:00.0000000Z)", KqlText.Of(Nine.ToOffset(TimeSpan.FromHours(2))));
        Assert.Equal("time(00:00:01.5000000)", KqlText.Of(TimeSpan.FromSeconds(1.5)));
        Assert.Equal("real(0.1)", KqlText.Of(0.1));
    }

    [Fact]
    public void Write_ValuesThatWouldBeKql_StayStrings()
    {
        const string Evil = "x\") | union (AppTraces) //";
        var text = KqlObservations.Write(Query(
            new LogsPlan { Flag = Evil, Role = Evil, RegionProperty = Evil, Kpis = [Evil], Measurements = [Evil] }, []));
        Assert.DoesNotContain(Evil, text, StringComparison.Ordinal);
        Assert.Contains("x\\\") | union (AppTraces) //", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bucket_IsTheHistogramsOwn()
    {
        // The expression's arithmetic, done here: min_of(375, ceiling(log(x) / log(1.05) - 1E-09)) above 1 ms.
        Assert.Equal("iff(DurationMs > 1.0, min_of(375, tolong(ceiling(log(DurationMs) / log(1.05) - 1E-09))), 0)", KqlRequests.Bucket);
        for (var latency = 0.25; latency < 2e8; latency *= 1.0137)
        {
            var bucket = latency > 1 ? Math.Min(LatencyHistogram.LastBucket, (long)Math.Ceiling((Math.Log(latency) / Math.Log(LatencyHistogram.Growth)) - LatencyHistogram.EdgeTolerance)) : 0;
            Assert.Equal(LatencyHistogram.BucketOf(latency), bucket);
        }
    }

    [Theory]
    [InlineData("ann")]
    [InlineData("dana@example.com")]
    [InlineData("é🚀")]
    public void Place_IsTheHashOfTargeting(string user)
    {
        // The expression's arithmetic, done here: the first four bytes of the hexadecimal text, turned round.
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{user}\nsearch-v2")));
        var place = long.Parse($"{hash[6..8]}{hash[4..6]}{hash[2..4]}{hash[..2]}", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.Equal(TargetingHash.PositionOf(user, "search-v2"), place / (double)uint.MaxValue * 100);
        Assert.Contains("todouble(Place) / real(4294967295) * 100.0 < real(12.5)", KqlCohort.Write(Query(new LogsPlan(), []), new CohortQuery("search-v2", new Percentage(12.5m))), StringComparison.Ordinal);
    }

    internal static WatchQuery Query(LogsPlan logs, IReadOnlyList<double> edges) => new(
        new WatchPlan
        {
            Source = TelemetrySource.LogAnalytics,
            Workspace = "3f0c2a8e-0000-4000-8000-000000000000",
            Service = "search",
            Logs = logs,
            Interval = TimeSpan.FromSeconds(60),
            Edges = edges,
            IngestionDelay = TimeSpan.FromMinutes(3),
            Propagation = TimeSpan.FromSeconds(60),
            BlindHold = TimeSpan.FromMinutes(10),
            BlindThen = BlindAction.Rollback,
        },
        logs,
        Nine,
        Nine.AddMinutes(5));

    private static void AssertFile(string name, string text, [CallerFilePath] string source = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(source)!, "Queries", name);
        if (Environment.GetEnvironmentVariable("SLIPWAY_UPDATE_GOLDEN") == "1") File.WriteAllText(file, text + "\n");
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), text.ReplaceLineEndings("\n") + "\n");
    }
}
