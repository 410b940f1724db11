using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Replaying;
using Slipway.Core.Ledgers;
using Slipway.Core.Outlook;
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

    /// <summary>Those that could be computed anew: entries of an older version do not say enough.</summary>
    private List<ReplayedVerdict> Known { get; } = [.. Verdicts.Where(verdict => verdict.Recomputed is not null)];

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
    private ReplayedVerdict? FirstOther => Known.Find(verdict => Decision(verdict.Recorded.Assessment) != Decision(verdict.Recomputed!));

    private ReplayedVerdict? Recorded(Verdict wanted) => Verdicts.FirstOrDefault(verdict => verdict.Recorded.Assessment.Verdict == wanted);

    private ReplayedVerdict? Computed(Verdict wanted) => Known.Find(verdict => verdict.Recomputed!.Verdict == wanted);

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

        yield return string.Create(CultureInfo.InvariantCulture, $"Verdicts  {Verdicts.Count:N0} judged {(Verdicts.Count == 1 ? "interval" : "intervals")}: {Counted()}");
        foreach (var line in Settings.AsRecorded ? Course() : Comparison()) yield return line;
    }

    private IEnumerable<string> Course()
    {
        var turns = Turns.ToList();
        var width = turns.Take(MostTurns).Max(turn => Stage(turn.Recorded).Length);
        foreach (var turn in turns.Take(MostTurns))
            yield return $"  {Printable.Moment(turn.Recorded.JudgedUntil)}  {Stage(turn.Recorded).PadRight(width)}  {Word(turn.Recorded.Assessment.Verdict),-9}  {turn.Recorded.Assessment.Sentence}";
        if (turns.Count > MostTurns) yield return $"  … {turns.Count - MostTurns} more changes: --json shows all";

        var last = Verdicts[^1].Recorded.Assessment;
        foreach (var reading in last.Readings) yield return $"Test      {Text(reading)}";
    }

    private IEnumerable<string> Comparison()
    {
        yield return $"With      {Settings}";
        if (Known.Count == 0) yield return "          nothing can be judged again: an older version recorded too little";
        else if (Known.Count < Verdicts.Count) yield return string.Create(CultureInfo.InvariantCulture, $"          {Known.Count:N0} can be judged again; of the others an older version recorded too little");
        if (Known.Count == 0) yield break;
        if (FirstOther is { } other)
        {
            yield return $"Differs   first at {Printable.Moment(other.Recorded.JudgedUntil)}, {Stage(other.Recorded)} (entry {other.Sequence})";
            yield return $"  recorded  {Word(other.Recorded.Assessment.Verdict)}: {other.Recorded.Assessment.Sentence}";
            yield return $"  with it   {Word(other.Recomputed!.Verdict)}: {other.Recomputed.Sentence}";
        }
        else
        {
            yield return "          every decision would have been the same";
            if (Known.Find(verdict => verdict.Recomputed!.Verdict == Verdict.Fail && verdict.Recomputed.Sentence != verdict.Recorded.Assessment.Sentence) is { } otherwise)
                yield return $"          the rollback for another reason: {otherwise.Recomputed!.Sentence}";
        }

        var (recorded, computed) = (When(Recorded(Verdict.Fail)), When(Computed(Verdict.Fail)));
        yield return recorded == computed ? $"Rollback  {recorded}, either way" : $"Rollback  as recorded {recorded}; with it {computed}";
        if (Computed(Verdict.Fail) is { } fails && recorded != computed && fails != FirstOther) yield return $"          {fails.Recomputed!.Sentence}";
    }

    private string When(ReplayedVerdict? at) => at is null
        ? $"never due in the evidence up to {Printable.Moment(Verdicts[^1].Recorded.JudgedUntil)}"
        : $"due at {Printable.Moment(at.Recorded.JudgedUntil)}";

    /// <summary>The same for programs.</summary>
    /// <param name="release">The release.</param>
    /// <param name="intact">Whether the ledger's hash chain holds.</param>
    /// <param name="outlook">What it would take to promote it now.</param>
    public object ForPrograms(ReleaseId release, bool intact, PromotionOutlook outlook) => new
    {
        schema = "slipway.why.v1",
        release,
        intact,
        phase = State.Phase,
        reason = State.PhaseReason,
        promotion = outlook,
        settings = Settings.AsRecorded ? null : Settings,
        judged = Verdicts.Count,
        computed = Known.Count,
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
        var ratio = (reading.Ratio, reading.Upper, reading.Kind) switch
        {
            ({ } value, { } upper, TestKind.Kpi) => string.Create(CultureInfo.InvariantCulture, $": {100 * value:+0.##;-0.##;0} %, worse by at most {100 * Math.Max(0, upper):0.##} %"),
            ({ } value, { } upper, _) => string.Create(CultureInfo.InvariantCulture, $", {value:0.##} times the control's, at most {upper:0.##}"),
            _ => "",
        };
        var margin = reading.Margin is not { } proven ? ""
            : reading.Kind == TestKind.Kpi ? string.Create(CultureInfo.InvariantCulture, $", margin {100 * proven:0.##} %")
            : string.Create(CultureInfo.InvariantCulture, $", margin {proven:0.##}");
        var counts = reading switch
        {
            { Kind: TestKind.Kpi } => string.Create(CultureInfo.InvariantCulture, $"; values: canary {reading.Canary:N0}, control {reading.Control:N0}"),
            { Kind: TestKind.Limit, Canary: > 0 } => string.Create(CultureInfo.InvariantCulture, $"; canary {reading.CanaryBad:N0} of {reading.Canary:N0}"),
            { Canary: > 0 } or { Control: > 0 } => string.Create(CultureInfo.InvariantCulture, $"; canary {reading.CanaryBad:N0} of {reading.Canary:N0}, control {reading.ControlBad:N0} of {reading.Control:N0}"),
            _ => "",
        };
        return $"{reading.Metric}{where} {against}{evidence}{ratio}{margin}{counts}";
    }
}
