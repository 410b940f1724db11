using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Core.Outlook;
using Slipway.Core.Releases;
using Slipway.Web.Api;
using Slipway.Workflow.Ports;

namespace Slipway.Cli.Commands;

/// <summary>Summaries in plain text.</summary>
internal static class SummaryText
{
    private static readonly string[] Titles = ["ID", "PHASE", "STAGE", "USERS", "UPDATED", "WHY"];

    /// <summary>One line a release under a line of titles; columns aligned, the last one as long as it is.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<ReleaseSummary> releases, CommandIo io)
    {
        var rows = releases.Select(Cells).ToList();
        var widths = Enumerable.Range(0, Titles.Length - 1).Select(column => Math.Max(Titles[column].Length, rows.Max(row => row[column].Length))).ToArray();
        yield return Line(Titles, widths, word => word);
        for (var i = 0; i < rows.Count; i++)
        {
            var phase = releases[i].Phase;
            yield return Line(rows[i], widths, word => io.Tinted(word, TintOf(phase)));
        }
    }

    /// <summary>A release in several lines.</summary>
    public static IEnumerable<string> Details(ReleaseSummary release, CommandIo io)
    {
        yield return $"Release   {Printable.Line(release.Title)} {Printable.Line(release.Version)}".TrimEnd();
        yield return $"Id        {release.Id}";
        if (release.RetryOf is { } before)
            yield return $"Attempt   {release.Attempt}, after {before}";
        if (release.RetriedBy is { } next)
            yield return $"Retried   as {next}";
        yield return $"Status    {io.Tinted(PhaseWords.Of(release.Phase), TintOf(release.Phase))}";
        yield return $"Why       {Printable.Line(release.Why)}";
        yield return $"Stage     {Stage(release)}, {Printable.Share(release.Percentage)} of users";
        if (release.Telemetry is { } telemetry)
            yield return $"Telemetry {telemetry.Sentence(io.Host.Time.GetUtcNow())["telemetry ".Length..]}";
        if (release.CanaryErrorRate is { } canary)
            yield return $"Errors    {Number(canary)} % new{Against(release.ControlErrorRate, " %")}";
        if (release.CanaryP95 is { } p95)
            yield return $"p95       {Number(p95)} ms new{Against(release.ControlP95, " ms")}";
        if (release.NextEvent.Length > 0)
            yield return $"Next      {Printable.Line(release.NextEvent)}{(release.NextAt is { } at ? $" at {Printable.Moment(at)}" : "")}";
        foreach (var evaluation in release.Evaluations)
        {
            yield return $"Evaluate  {evaluation.Id} until {Printable.Moment(evaluation.Deadline)}, {evaluation.WithoutAnswer}: {Printable.Line(evaluation.Sentence)}";
            yield return $"          {evaluation.Command}";
        }

        yield return $"Started   {Printable.Moment(release.StartedAt)}";
        yield return $"Updated   {Printable.Moment(release.UpdatedAt)}";
    }

    /// <summary>What it would take to promote.</summary>
    public static IEnumerable<string> Outlook(PromotionOutlook outlook)
    {
        yield return $"Promote   {Printable.Line(outlook.Headline)}";
        foreach (var need in outlook.Needs)
            yield return $"  needs   {Printable.Line(need.Sentence)}{(need.Until is { } until ? $" ({Printable.Moment(until)})" : "")}";
    }

    /// <summary>The colour of a phase; the word is always there too.</summary>
    public static ConsoleTint TintOf(ReleasePhase phase) => phase switch
    {
        ReleasePhase.Completed => ConsoleTint.Green,
        ReleasePhase.RolledBack or ReleasePhase.Failed or ReleasePhase.RollingBack => ConsoleTint.Red,
        ReleasePhase.Paused => ConsoleTint.Yellow,
        _ => ConsoleTint.None,
    };

    private static string[] Cells(ReleaseSummary release) =>
    [
        release.Id.Value, PhaseWords.Of(release.Phase), Stage(release), Printable.Share(release.Percentage),
        Printable.Moment(release.UpdatedAt), Printable.Line(release.Why),
    ];

    private static string Line(string[] cells, int[] widths, Func<string, string> tintPhase)
    {
        var padded = cells.Select((cell, column) => column < widths.Length ? cell.PadRight(widths[column]) : cell).ToArray();
        // Padding first: escape codes have no width on the screen.
        padded[1] = tintPhase(padded[1]);
        return string.Join("  ", padded).TrimEnd();
    }

    private static string Stage(ReleaseSummary release) => string.Create(CultureInfo.InvariantCulture, $"{release.Stage} of {release.Stages}");

    private static string Against(double? control, string unit) => control is { } value ? $", {Number(value)}{unit} old" : "";

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
