using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Core.Ledgers;
using Slipway.Core.Outlook;
using Slipway.Web.Pages;
using Slipway.Web.Words;
using Slipway.Workflow.Reporting;

namespace Slipway.Cli.Commands;

/// <summary>
/// What <c>watch</c> shows on a terminal: status, why, next event, the stages as a tree, what a promotion needs, and the newest entries. Pure: the
/// same state and moment give the same lines, none wider than the terminal.
/// </summary>
internal static class LiveFrame
{
    private const int ShownEntries = 6;
    private const int ShownNeeds = 4;

    /// <summary>The lines.</summary>
    /// <param name="state">The release.</param>
    /// <param name="rows">Its newest entries, newest first.</param>
    /// <param name="now">The moment that countdowns count from.</param>
    /// <param name="width">The terminal's width in columns, 20 or more.</param>
    /// <param name="tint">Colours a word; the word says it all without.</param>
    public static IReadOnlyList<string> Of(ReleaseState state, IReadOnlyList<LedgerRow> rows, DateTimeOffset now, int width, Func<string, ConsoleTint, string> tint)
    {
        var summary = ReleaseSummaries.Of(state);
        var mark = PhaseMark.Of(state.Phase);
        List<string> lines =
        [
            Cut($"{summary.Title} {summary.Version}".Trim(), width),
            $"{tint($"{mark.Icon} {Web.Api.PhaseWords.Of(state.Phase)}", SummaryText.TintOf(state.Phase))}  {state.Exposure} of users",
            .. Wrap(summary.Why, width),
        ];
        if (summary.NextEvent.Length > 0 && summary.NextAt is { } at && !state.IsTerminal)
            lines.Add(Cut($"  next: {summary.NextEvent} {Moments.Relative(at, now)} ({Printable.Moment(at)})", width));

        if (summary.Telemetry is { } telemetry) lines.Add(Cut($"  {telemetry.Sentence(now)}", width));
        var steps = TrackStep.Of(state);
        var label = steps.Max(step => step.Label.Length);
        var word = steps.Max(step => step.State.Length);
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var since = step.StartedAt is { } started ? $"since {Printable.Moment(started)}" : "";
            var verdict = step.Sentence.Length > 0 ? $"  {step.Sentence}" : "";
            lines.Add(Cut($"{(i == steps.Count - 1 ? "└─" : "├─")} {step.Icon} {step.Label.PadLeft(label)}  {step.State.PadRight(word)}  {since}{verdict}".TrimEnd(), width));
        }

        if (!state.IsTerminal) lines.AddRange(Needs(PromotionOutlook.Of(state, now), now, width));
        lines.Add("");
        lines.AddRange(rows.Take(ShownEntries).Reverse().Select(row =>
            Cut(string.Create(CultureInfo.InvariantCulture, $"{row.At.UtcDateTime:HH:mm:ss}Z #{row.Sequence,-4} {Printable.Line(row.Words)}"), width)));
        return lines;
    }

    private static IEnumerable<string> Needs(PromotionOutlook outlook, DateTimeOffset now, int width)
    {
        yield return Cut($"To promote now: {outlook.Headline}", width);
        foreach (var need in outlook.Needs.Take(ShownNeeds))
            yield return Cut($"  • {need.Sentence}{(need.Until is { } until ? $" ({Moments.Relative(until, now)})" : "")}", width);
        if (outlook.Needs.Count > ShownNeeds) yield return $"  … {outlook.Needs.Count - ShownNeeds} more";
    }

    /// <summary>Why it stands there is what matters most: it may take three lines.</summary>
    private static IEnumerable<string> Wrap(string text, int width)
    {
        const int Most = 3;
        var rest = Printable.Line(text);
        var room = width - 3;
        for (var line = 1; rest.Length > 0; line++)
        {
            if (line == Most || rest.Length <= room)
            {
                yield return Cut($"  {rest}", width);
                yield break;
            }

            var at = rest.LastIndexOf(' ', room);
            if (at <= 0) at = room;
            yield return $"  {rest[..at]}";
            rest = rest[at..].TrimStart();
        }
    }

    private static string Cut(string text, int width)
    {
        var line = Printable.Line(text);
        return line.Length <= width - 1 ? line : string.Concat(line.AsSpan(0, Math.Max(1, width - 2)), "…");
    }
}
