using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Rehearsal.Backtesting.Recordings;
using Slipway.Rehearsal.Backtesting.Running;

namespace Slipway.Cli.Rehearsing;

/// <summary>The result of a backtest in plain text.</summary>
internal static class BacktestText
{
    /// <summary>So many gaps and false rollbacks are shown; the file has more.</summary>
    private const int MostShown = 5;

    private static readonly string[] Titles = ["INCIDENT", "FROM STAGE", "CAUGHT", "DETECTED", "FAILED", "SLOW", "FIRST DECISION"];

    public static void Write(CommandIo io, BacktestReport report)
    {
        foreach (var line in Recording(report.Recording)) io.Data(Printable.Line(line));
        foreach (var assumption in report.Assumptions) io.Data(Printable.Line(assumption));
        foreach (var line in Healthy(report.Healthy)) io.Data(Printable.Line(line));
        List<string[]> rows = [Titles, .. report.Incidents.SelectMany(Cells)];
        if (rows.Count > 1)
        {
            var widths = Enumerable.Range(0, Titles.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
            foreach (var row in rows) io.Data(Printable.Line(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
        }

        io.Say(Sentence(report));
    }

    private static IEnumerable<string> Recording(RecordingSurvey recording)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Recording: {recording.File}, {Time(recording.From)} to {Time(recording.To)}, {recording.Intervals:N0} intervals in {recording.Rows:N0} rows, {recording.Requests:N0} requests of which {(recording.Requests == 0 ? 0 : 100.0 * recording.Failures / recording.Requests):0.###} % failed, regions {string.Join(", ", recording.Regions)}.");
        if (recording.Missing > 0)
        {
            var shown = string.Join(", ", recording.Gaps.Take(MostShown).Select(gap => $"{Time(gap.From)} to {Time(gap.To)}"));
            yield return string.Create(CultureInfo.InvariantCulture, $"Gaps: {recording.Missing:N0} intervals have no row: {shown}{(recording.Gaps.Count > MostShown ? ", …" : "")}.");
        }

        if (!recording.Sorted) yield return "Its rows are not in the order of time: it is held in memory.";
    }

    private static IEnumerable<string> Healthy(HealthyResult healthy)
    {
        yield return healthy.FalseRollbackRate is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"Healthy releases: {healthy.Releases:N0} came to an end: {healthy.Completed:N0} completed, {healthy.RolledBack:N0} rolled back, {healthy.Held:N0} held for a person, {healthy.LostSight:N0} lost sight; {healthy.Cut:N0} were cut off and count for nothing.")
              + string.Create(CultureInfo.InvariantCulture, $" False rollbacks: {100 * rate:0.##} % [{100 * healthy.Low:0.##}–{100 * healthy.High:0.##} with 95 %], the plan allows {100 * healthy.Budget:0.##} %.")
            : string.Create(CultureInfo.InvariantCulture, $"Healthy releases: none came to an end, {healthy.Cut:N0} were cut off: the healthy time of the recording is shorter than the plan.");
        foreach (var back in healthy.FalseRollbacks.Take(MostShown))
            yield return string.Create(CultureInfo.InvariantCulture, $"  {Time(back.At)} stage {back.Stage}, split {back.Seed}, begun {Time(back.BeganAt)}: {back.Why}");
        if (healthy.RolledBack > MostShown) yield return string.Create(CultureInfo.InvariantCulture, $"  and {healthy.RolledBack - MostShown:N0} more; --out or --json names them.");
    }

    private static IEnumerable<string[]> Cells(IncidentResult incident)
    {
        var name = $"{Time(incident.From)}..{Time(incident.To)}";
        if (incident.NotJudged is { } why) return [[name, "-", "-", "-", "-", "-", $"not judged: {why}"]];
        return incident.Stages.Select(stage => (string[])
        [
            name,
            string.Create(CultureInfo.InvariantCulture, $"{stage.Stage} ({stage.Percentage:0.##} %)"),
            string.Create(CultureInfo.InvariantCulture, $"{stage.Caught} of {stage.Runs}{(stage.Held > 0 ? $", {stage.Held} held" : "")}"),
            stage.MinutesToDetect is { } minutes ? string.Create(CultureInfo.InvariantCulture, $"{minutes:0.#} min") : "-",
            Number(stage.FailedBeyondUsual),
            Number(stage.SlowBeyondUsual),
            stage.First is { } first ? string.Create(CultureInfo.InvariantCulture, $"{Time(first.At)} stage {first.Stage}: {(first.Rule.Length > 0 ? first.Rule : first.Why)}") : "-",
        ]);
    }

    private static string Number(double? value) => value is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:N0}") : "-";

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(at.Second == 0 ? "yyyy-MM-dd HH:mm'Z'" : "yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Sentence(BacktestReport report)
    {
        var missed = report.Incidents.Count(incident => incident is { Caught: false, NotJudged: null });
        return report.Healthy.Refuted ? "More healthy releases are rolled back than the plan allows."
            : missed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{missed} of {report.Incidents.Count} incidents would have reached users without being caught by a release that brings them to its first users.")
            : report.Incidents.Count > 0 ? "DETECTED, FAILED and SLOW are medians; the last two are requests of the canary beyond what is usual until the decision."
            : "Nothing in the recording speaks against the plan.";
    }
}
