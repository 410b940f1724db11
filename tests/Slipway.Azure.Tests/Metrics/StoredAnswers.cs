using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Azure.Metrics;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Embedded.Telemetry;

namespace Slipway.Azure.Tests.Metrics;

/// <summary>
/// The table that a documented query gives over rows that are kept in the embedded store: from, to, interval, role, thresholds and cohort
/// are read out of the query's text, and the counting is the store's. So this shows that question and answer are understood, and not that
/// KQL counts right.
/// </summary>
internal sealed partial class StoredAnswers(SqliteTelemetryStore store, WatchPlan watch)
{
    public async Task<JsonObject> RunAsync(string query)
    {
        var from = Moment(FromText().Match(query));
        var asked = watch with
        {
            Service = RoleText().Match(query).Groups[1].Value,
            Interval = TimeSpan.ParseExact(IntervalText().Match(query).Groups[1].Value, "c", CultureInfo.InvariantCulture),
            Edges = [.. EdgeText().Matches(query).Select(edge => double.Parse(edge.Groups[1].Value, CultureInfo.InvariantCulture))],
        };
        var to = Moment(ToText().Match(query));
        if (CohortText().Match(query) is not { Success: true } cohort)
            return FakeLogAnalytics.Observations((await store.ReadAsync(asked, from, to, CancellationToken.None)).SelectMany(Rows));

        var percentage = new Percentage(decimal.Parse(cohort.Groups[2].Value, CultureInfo.InvariantCulture));
        var reading = await store.ReadCohortAsync(asked, new CohortQuery(cohort.Groups[1].Value, percentage), from, to, CancellationToken.None);
        return FakeLogAnalytics.Observations(
        [
            .. reading.Observations.SelectMany(Rows),
            FakeLogAnalytics.Row(ObservationTable.Seen, from, "", "", "", reading.Sight == CohortSight.NoRows ? 0 : 1),
            FakeLogAnalytics.Row(ObservationTable.Known, from, "", "", "", reading.Sight is CohortSight.Seen or CohortSight.OtherFlag ? 1 : 0),
            .. reading.Sight == CohortSight.Exposed ? [FakeLogAnalytics.Row(ObservationTable.Exposed, from, "global", "", "", 1)] : Array.Empty<JsonArray>(),
        ]);
    }

    private static IEnumerable<JsonArray> Rows(Observation observation) =>
        Rows(observation, "canary", observation.Canary).Concat(Rows(observation, "control", observation.Control));

    private static IEnumerable<JsonArray> Rows(Observation observation, string arm, ArmSample? sample)
    {
        if (sample is null) yield break;
        yield return Row(ObservationTable.Requests, "", sample.Requests);
        yield return Row(ObservationTable.Errors, "", sample.Errors);
        if (sample.Users is { } users) yield return Row(ObservationTable.Users, "", users);
        if (sample.FailedUsers is { } failed) yield return Row(ObservationTable.FailedUsers, "", failed);
        foreach (var (bucket, count) in sample.Latency.Counts) yield return Row(ObservationTable.Bucket, bucket.ToString(CultureInfo.InvariantCulture), count);
        foreach (var slow in sample.Slower.Where(slow => slow.Count > 0)) yield return Row(ObservationTable.Slower, ObservationTable.EdgeName(slow.Above), slow.Count);
        foreach (var type in sample.ErrorTypes) yield return Row(ObservationTable.ErrorType, type, 1);
        foreach (var (name, count) in sample.DependencyFailures) yield return Row(ObservationTable.Dependency, name, count);
        foreach (var (name, kpi) in sample.Kpis) yield return Row(ObservationTable.Kpi, name, kpi.Count, kpi.Sum, kpi.SumOfSquares);
        foreach (var (name, measured) in sample.Measurements) yield return Row(ObservationTable.Measurement, name, measured.Count, measured.Sum);

        JsonArray Row(string kind, string name, long count, double? sum = null, double? squares = null) =>
            FakeLogAnalytics.Row(kind, observation.Start, observation.Region, arm, name, count, sum, squares);
    }

    private static DateTimeOffset Moment(Match match) => DateTimeOffset.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"let From = datetime\((.*?)\);")]
    private static partial Regex FromText();

    [GeneratedRegex(@"let To = datetime\((.*?)\);")]
    private static partial Regex ToText();

    [GeneratedRegex(@"let Interval = time\((.*?)\);")]
    private static partial Regex IntervalText();

    [GeneratedRegex("AppRoleName == \"(.*?)\"")]
    private static partial Regex RoleText();

    [GeneratedRegex(@"DurationMs > real\((.*?)\)")]
    private static partial Regex EdgeText();

    [GeneratedRegex("strcat\\(User, \"\\\\n\", \"(.*?)\"\\)[\\s\\S]*\\* 100\\.0 < real\\((.*?)\\)")]
    private static partial Regex CohortText();
}
