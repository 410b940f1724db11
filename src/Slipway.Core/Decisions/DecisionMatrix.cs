using Slipway.Core.Analysis;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using static Slipway.Core.Decisions.CanonicalStage;
using static Slipway.Core.Decisions.MatrixResponse;
using static Slipway.Core.Decisions.MatrixRow;

namespace Slipway.Core.Decisions;

/// <summary>The one table that says what each signal causes at each stage. Whatever evaluates, shows or documents it reads it here.</summary>
public static class DecisionMatrix
{
    /// <summary>A cell with a sustain period acts only when its signal has lasted longer than this.</summary>
    public static readonly TimeSpan Sustain = TimeSpan.FromMinutes(10);

    /// <summary>How long people have to answer an evaluation.</summary>
    public static readonly TimeSpan EvaluationLimit = TimeSpan.FromMinutes(15);

    /// <summary>So many warnings within <see cref="WarningSpan"/> are a signal of their own.</summary>
    public const int WarningCount = 3;

    /// <summary>Warnings further apart than this do not belong together.</summary>
    public static readonly TimeSpan WarningSpan = TimeSpan.FromMinutes(30);

    /// <summary>So many complaints in one stage start an evaluation.</summary>
    public const int ComplaintsInStage = 10;

    /// <summary>More complaints than this in an hour start an evaluation when the release has been at 100 % for more than a day.</summary>
    public const int ComplaintsInHour = 10;

    private static readonly TimeSpan LastStage = TimeSpan.FromHours(24);

    /// <summary>What a signal causes at a stage.</summary>
    public static MatrixCell Of(MatrixRow row, CanonicalStage stage) => (row, stage) switch
    {
        (ErrorRate, Integration) => new(Evaluate),
        (ErrorRate, After) => new(Evaluate, Sustain, AtLeast: true),
        (ErrorRate, _) => new(Immediate),

        (LatencyP95, Integration) => new(Evaluate),
        (LatencyP95, Canary or Partial) => new(Immediate),
        (LatencyP95, _) => new(Evaluate, Sustain),

        (SuccessRate, Integration or After) => new(Evaluate),
        (SuccessRate, _) => new(Immediate),

        (SecurityIncident or Outage or DataLoss, _) => new(Immediate),

        (Complaints, Integration) => new(None),
        (Complaints, _) => new(Evaluate),

        (Warnings, Canary) => new(Immediate),
        (Warnings, Partial or Full) => new(Evaluate),
        (Warnings, _) => new(Alert),

        // At 100 % the row of the alert decides; one that has no row of its own is for people to judge.
        (CriticalAlert, Canary or Partial) => new(Immediate),
        (CriticalAlert, _) => new(Evaluate),

        (MetricsMissing, Integration) => new(Hold),
        (MetricsMissing, After) => new(Alert),
        (MetricsMissing, _) => new(HoldThenRollback),

        (SmokeFailed, After) => new(Alert),
        (SmokeFailed, _) => new(Immediate),

        _ => new(Alert),
    };

    /// <summary>The stage of an exposure.</summary>
    /// <param name="exposure">Share of users.</param>
    /// <param name="atFull">For how long it has been 100 %; ignored below.</param>
    public static CanonicalStage StageOf(Percentage exposure, TimeSpan atFull = default) => exposure.Value switch
    {
        0 => Integration,
        < 50 => Canary,
        < 100 => Partial,
        _ => atFull > LastStage ? After : Full,
    };

    /// <summary>The stage under judgement at a moment. Where a first write was begun and no stage has started, users may be exposed.</summary>
    public static CanonicalStage StageOf(StageUnderJudgement stage, DateTimeOffset at) =>
        stage.Index < 0 ? Canary : StageOf(stage.Percentage, at > stage.EvidenceFrom ? at - stage.EvidenceFrom : default);

    /// <summary>What a crossed trigger causes now; null when it must last longer first. A trigger without a row does what it says itself.</summary>
    /// <param name="trigger">The trigger.</param>
    /// <param name="stage">Where the release stands.</param>
    /// <param name="lasting">How long it has been crossed.</param>
    public static TriggerAction? ActionOf(PlannedTrigger trigger, CanonicalStage stage, TimeSpan lasting)
    {
        if (trigger.Row is not { } row) return lasting >= trigger.For ? trigger.Action : null;
        var cell = Of(row, stage);
        if (cell.Sustained > TimeSpan.Zero && (cell.AtLeast ? lasting < cell.Sustained : lasting <= cell.Sustained)) return null;
        return cell.Response switch
        {
            Immediate => TriggerAction.AutoRollback,
            Evaluate => TriggerAction.Evaluate,
            Alert => TriggerAction.Alert,
            _ => TriggerAction.Pause,
        };
    }
}
