using System.Text.Json.Serialization;
using Slipway.Core.Analysis;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Ledgers;

/// <summary>What the watch shall do from now on; the newest directive counts.</summary>
/// <param name="Watch">Number of the watch child that it is for.</param>
/// <param name="Mode">What it shall do.</param>
/// <param name="Stage">The stage under judgement; null before the first shift was verified.</param>
/// <param name="BakeEndsAt">When the bake ends (in bake mode).</param>
/// <param name="BakeMaxAt">When an extended bake ends at the latest (in bake mode).</param>
/// <param name="Flags">The flags as Slipway left them: anything else is drift.</param>
/// <param name="Gates">The HTTP gates to ask at each poll; null: none.</param>
/// <param name="Environment">The environment that is watched, 0 first. <see cref="WatchMode.Stop"/> is for all.</param>
public sealed record WatchDirected(
    int Watch, WatchMode Mode, StageUnderJudgement? Stage, DateTimeOffset? BakeEndsAt, DateTimeOffset? BakeMaxAt, IReadOnlyList<FlagState> Flags,
    IReadOnlyList<HttpGateSpec>? Gates = null, int Environment = 0) : LedgerBody;

/// <summary>What a watch child does.</summary>
public enum WatchMode
{
    /// <summary>Judge, and end with the bake's verdict.</summary>
    Bake,

    /// <summary>Judge, and end only on a breach: pause, closed window, validation, propagation.</summary>
    Hold,

    /// <summary>End at the next poll.</summary>
    Stop,
}

/// <summary>Closed intervals were judged: their counts and what they say.</summary>
/// <param name="Stage">The stage under judgement; -1 before the first.</param>
/// <param name="JudgedUntil">End of the newest interval.</param>
/// <param name="Observations">The counts, per interval and region.</param>
/// <param name="Assessment">What they say.</param>
/// <param name="Environment">The environment that they come from, 0 first.</param>
/// <param name="Under">The stage exactly as it was judged; with it and <paramref name="After"/> the verdict can be computed again.</param>
/// <param name="After">Up to where the judgement was that this one went on from; null: it was the first.</param>
/// <param name="LateUntil">End of the newest interval whose rows came only after it had been judged without them; null: none did.</param>
public sealed record IntervalJudged(
    int Stage, DateTimeOffset JudgedUntil, IReadOnlyList<Observation> Observations, Assessment Assessment, int Environment = 0,
    StageUnderJudgement? Under = null, DateTimeOffset? After = null, DateTimeOffset? LateUntil = null) : LedgerBody
{
    /// <summary>How far telemetry had come in, as last known; null: its source does not say, or an older version wrote it. The verdict does not
    /// depend on it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IngestionWatermark? Telemetry { get; init; }
}

/// <summary>An alert fired that changes nothing by itself.</summary>
/// <param name="Name">The trigger or cause.</param>
/// <param name="Severity">critical, warning or info.</param>
/// <param name="Sentence">What was found.</param>
/// <param name="ActionTaken">What Slipway did about it.</param>
public sealed record AlertRaised(string Name, AlertSeverity Severity, string Sentence, string ActionTaken) : LedgerBody;

/// <summary>How loud an alert is.</summary>
public enum AlertSeverity
{
    /// <summary>Somebody must act.</summary>
    Critical,

    /// <summary>Somebody should look.</summary>
    Warning,

    /// <summary>For the record.</summary>
    Info,
}
