using System.Text;
using Slipway.Azure.Metrics;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Fuzz.Tests;

/// <summary>
/// Names of a request are strings in every query that is made of them: without its strings a query is the same, whatever they say. The writers of queries
/// know no Azure type, so that this is tested on machines without Azure packages as well.
/// </summary>
public sealed class QueryInjectionTests
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Values =>
    [
        "x\") | union (AppTraces) //",
        "x\"; AppRequests | take 1 //",
        "x\\\"; AppRequests | take 1 //",
        "x\\",
        "\"",
        "'; let From = datetime(2000-01-01); //",
        "x\"]) | extend Arm = \"canary\" //",
        "x\n| project Start\r\n; let Requests = AppTraces",
        "x\u2028| take 1\u2029\u0085\u0000",
        "```x```",
        "h\"x\" @\"y\" @'z\\'",
        "{KqlText}{0}",
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_that_would_be_KQL_stays_a_string_in_every_query(string value)
    {
        foreach (var (evil, plain) in Queries(value).Zip(Queries("plain")))
        {
            Assert.Contains(KqlText.Of(value), evil, StringComparison.Ordinal);
            Assert.Equal(WithoutStrings(plain), WithoutStrings(evil));
        }
    }

    [Fact]
    public void What_is_left_without_its_strings_is_a_query() =>
        Assert.All(Queries("plain"), query => Assert.Contains("summarize Count = count() by Start, Region, Arm", WithoutStrings(query), StringComparison.Ordinal));

    [Fact]
    public void A_value_that_ended_its_string_would_be_seen() =>
        Assert.NotEqual(WithoutStrings("AppEvents | where Name == \"plain\""), WithoutStrings("AppEvents | where Name == \"x\" | take 1 //\""));

    /// <summary>By evaluations, by a property, with queries of the request's own, and a cohort by each.</summary>
    private static IEnumerable<string> Queries(string value)
    {
        var logs = new LogsPlan { Flag = value, Role = value, RegionProperty = value, Kpis = [value], Measurements = [value] };
        var byProperty = logs with { ArmProperty = value };
        var own = new Dictionary<string, string> { [value] = "AppEvents | project TimeGenerated, Arm = \"canary\", Value = 1.0" };
        yield return KqlObservations.Write(Query(logs));
        yield return KqlObservations.Write(Query(byProperty));
        yield return KqlObservations.Write(Query(logs, own));
        yield return KqlCohort.Write(Query(logs), new CohortQuery(value, new Percentage(12.5m)));
        yield return KqlCohort.Write(Query(byProperty), new CohortQuery(value, new Percentage(12.5m)));

        // The service is the role where none is named.
        yield return KqlObservations.Write(Query(logs with { Role = null }, service: value));
    }

    private static WatchQuery Query(LogsPlan logs, IReadOnlyDictionary<string, string>? own = null, string service = "search") => new(
        new WatchPlan
        {
            Source = TelemetrySource.LogAnalytics,
            Service = service,
            Logs = logs,
            Queries = own ?? new Dictionary<string, string>(),
            Interval = TimeSpan.FromMinutes(1),
            Edges = [300, 500.5],
            IngestionDelay = TimeSpan.FromMinutes(3),
            Propagation = TimeSpan.FromMinutes(1),
            BlindHold = TimeSpan.FromMinutes(10),
            BlindThen = BlindAction.Rollback,
        },
        logs,
        Nine,
        Nine.AddMinutes(10));

    /// <summary>A query with each string as <c>""</c>, read as KQL reads it: a string ends at its quote and holds no line break, and a backslash takes the next character along.</summary>
    private static string WithoutStrings(string query)
    {
        var left = new StringBuilder();
        for (var at = 0; at < query.Length; at++)
        {
            left.Append(query[at]);
            if (query[at] is not ('"' or '\'') || EndOf(query, at) is not { } end) continue;
            left.Append(query[at]);
            at = end;
        }

        return left.ToString();
    }

    private static int? EndOf(string query, int start)
    {
        for (var at = start + 1; at < query.Length && query[at] is not ('\r' or '\n'); at++)
        {
            if (query[at] == '\\') at++;
            else if (query[at] == query[start]) return at;
        }

        return null;
    }
}
