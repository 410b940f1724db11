using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Replaying;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Api;

namespace Slipway.Cli.Commands;

/// <summary>How a release's verdicts came about, and where other settings would have decided otherwise. Pure.</summary>
/// <param name="State">The release.</param>
/// <param name="Verdicts">Its verdicts, computed anew.</param>
/// <param name="Settings">The settings under which they were.</param>
internal sealed record VerdictHistory(ReleaseState State, IReadOnlyList<ReplayedVerdict> Verdicts, OtherSettings Settings)
{
    /// <summary>So many changes of the verdict are shown.</summary>
    private const int MostTurns = 20;

    /// <summary>Of a release and its verdicts, computed anew.</summary>
    public static VerdictHistory Of(ReleaseState state, IReadOnlyList<ReplayedVerdict> verdicts, OtherSettings settings) =>
        new(state, [.. verdicts.Where(verdict => verdict.Recomputed is not null)], settings);

    /// <summary>Where the verdict or what it causes became another one.</summary>
    private IEnumerable<ReplayedVerdict> Turns
    {
        get
        {
            string? before = null;
            foreach (var verdict in Verdicts)
            {
                var now = $"{verdict.Recorded.Environment}|{verdict.Recorded.Stage}|{Decision(verdict.Recorded.Assessment)}";
                if (now != before) yield return verdict;
                before = now;
            }
        }
    }

    /// <summary>The first verdict that the settings change.</summary>
    private ReplayedVerdict? FirstOther => Verdicts.FirstOrDefault(verdict => Decision(verdict.Recorded.Assessment) != Decision(verdict.Recomputed!));

    private ReplayedVerdict? Recorded(Verdict wanted) => Verdicts.FirstOrDefault(verdict => verdict.Recorded.Assessment.Verdict == wanted);

    private ReplayedVerdict? Computed(Verdict wanted) => Verdicts.FirstOrDefault(verdict => verdict.Recomputed!.Verdict == wanted);

    /// <summary>In lines.</summary>
    public IEnumerable<string> ForPeople()
    {
        yield return $"Release   {State.Plan.ReleaseId}";
        yield return $"Status    {PhaseWords.Of(State.Phase)}: {State.PhaseReason}";
        if (Verdicts.Count == 0)
        {
            yield return "Verdicts  none: nothing was judged yet";
            yield break;
        }

        yield return $"Verdicts  {Verdicts.Count:N0} judged intervals: {Counted()}";
        if (!Settings.AsRecorded)
        {
            foreach (var line in Comparison()) yield return line;
            yield break;
        }

        foreach (var turn in Turns.Take(MostTurns))
            yield return $"  {Printable.Moment(turn.Recorded.JudgedUntil)}  {Stage(turn.Recorded)}  {Word(turn.Recorded.Assessment.Verdict),-9}  {turn.Recorded.Assessment.Sentence}";
        if (Turns.Skip(MostTurns).Any()) yield return $"  … {Turns.Count() - MostTurns} more changes: --json shows all";

        var last = Verdicts[^1].Recorded.Assessment;
        foreach (var missing in last.Missing) yield return $"Missing   {missing}";
        foreach (var reading in last.Readings) yield return $"Test      {Text(reading)}";
    }

    private IEnumerable<string> Comparison()
    {
        yield return $"With      {Settings}";
        if (FirstOther is not { } other)
        {
            yield return "          every decision would have been the same";
            yield break;
        }

        yield return $"Differs   first at {Printable.Moment(other.Recorded.JudgedUntil)}, {Stage(other.Recorded)} (entry {other.Sequence})";
        yield return $"  recorded  {Word(other.Recorded.Assessment.Verdict)}: {other.Recorded.Assessment.Sentence}";
        yield return $"  with it   {Word(other.Recomputed!.Verdict)}: {other.Recomputed.Sentence}";
        yield return $"Rollback  {When(Recorded(Verdict.Fail), "as recorded due")}; {When(Computed(Verdict.Fail), "with it due")}";
    }

    private string When(ReplayedVerdict? at, string what) => at is null
        ? $"{what} never, in evidence up to {Printable.Moment(Verdicts[^1].Recorded.JudgedUntil)}"
        : $"{what} at {Printable.Moment(at.Recorded.JudgedUntil)}";

    /// <summary>The same for programs.</summary>
    public object ForPrograms(ReleaseId release) => new
    {
        schema = "slipway.why.v1",
        release,
        phase = State.Phase,
        reason = State.PhaseReason,
        settings = Settings.AsRecorded ? null : Settings,
        judged = Verdicts.Count,
        turns = Turns.Select(turn => new { turn.Sequence, turn.Recorded.JudgedUntil, turn.Recorded.Stage, turn.Recorded.Environment, turn.Recorded.Assessment }),
        latest = Verdicts.Count == 0 ? null : Verdicts[^1].Recorded.Assessment,
        first_different = Settings.AsRecorded || FirstOther is not { } other ? null : new { other.Sequence, other.Recorded.JudgedUntil, recorded = other.Recorded.Assessment, computed = other.Recomputed },
        rollback_recorded = Recorded(Verdict.Fail)?.Recorded.JudgedUntil,
        rollback_computed = Settings.AsRecorded ? null : Computed(Verdict.Fail)?.Recorded.JudgedUntil,
    };

    private string Counted() => string.Join(", ", Verdicts
        .GroupBy(verdict => verdict.Recorded.Assessment.Verdict)
        .OrderBy(group => group.Key)
        .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count():N0} {Word(group.Key)}")));

    private string Stage(IntervalJudged judged) => judged.Stage < 0 ? "before stage 1" : State.Plan.Describe(judged.Stage);

    private static string Decision(Assessment assessment) => assessment.Verdict == Verdict.Fail
        ? "fail"
        : $"{assessment.Verdict}|{string.Join(',', assessment.Findings.Where(finding => finding.Action != TriggerAction.Alert).Select(finding => $"{finding.Rule}:{finding.Action}"))}";

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    private static string Text(TestReading reading)
    {
        var where = reading.Region == "all" ? "" : $" in {reading.Region}";
        var against = reading.Kind switch
        {
            TestKind.Ratio => "against control",
            TestKind.Limit => "against limit",
            _ => "against control (values)",
        };
        var evidence = reading.Kind == TestKind.Kpi ? "" : string.Create(CultureInfo.InvariantCulture, $": evidence {Math.Exp(Math.Min(50, reading.LogEvidence)):0.##} of {Math.Exp(reading.LogThreshold):0}");
        var ratio = reading.Ratio is { } value && reading.Upper is { } upper ? string.Create(CultureInfo.InvariantCulture, $", {value:0.##}, at most {upper:0.##}") : "";
        var margin = reading.Margin is { } proven ? string.Create(CultureInfo.InvariantCulture, $", margin {proven:0.##}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{reading.Metric}{where} {against}{evidence}{ratio}{margin}; canary {reading.CanaryBad:N0} of {reading.Canary:N0}, control {reading.ControlBad:N0} of {reading.Control:N0}");
    }
}
