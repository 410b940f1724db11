using Slipway.Core.Requests;

namespace Slipway.Core.Analysis;

/// <summary>The four things that evidence can say.</summary>
public enum Verdict
{
    /// <summary>Nothing stands against promotion.</summary>
    Pass,

    /// <summary>A regression is shown or a limit is crossed.</summary>
    Fail,

    /// <summary>The evidence does not suffice.</summary>
    Undecided,

    /// <summary>There is no usable telemetry.</summary>
    Blind,
}

/// <summary>Why sight is lost.</summary>
public enum BlindCause
{
    /// <summary>Neither arm reports.</summary>
    Dead,

    /// <summary>Telemetry reports, but the canary has no traffic.</summary>
    NoTraffic,

    /// <summary>Rows come, but later than the ingestion delay.</summary>
    Late,

    /// <summary>The exposure seen is not the exposure set.</summary>
    ExposureMismatch,
}

/// <summary>One thing that a judge found: a value against its limit, in numbers and in one sentence.</summary>
public sealed record Finding
{
    /// <summary>The trigger or test that speaks, for example <c>error_rate limit</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>The metric.</summary>
    public required string Metric { get; init; }

    /// <summary>The region; <c>all</c> for the pool.</summary>
    public string Region { get; init; } = "all";

    /// <summary>The canary's value: percent or milliseconds.</summary>
    public required double Value { get; init; }

    /// <summary>The one-sided confidence bound towards the limit, in the same unit.</summary>
    public required double Bound { get; init; }

    /// <summary>The control arm's value at the same time; null when it has none.</summary>
    public double? Control { get; init; }

    /// <summary>What was compared with: a limit in the same unit, or against the control arm the tolerated ratio.</summary>
    public required double Limit { get; init; }

    /// <summary>Requests of the canary in the window.</summary>
    public required long Sample { get; init; }

    /// <summary>When the limit was first seen crossed (end of that interval).</summary>
    public required DateTimeOffset CrossedAt { get; init; }

    /// <summary>What the crossing causes.</summary>
    public required TriggerAction Action { get; init; }

    /// <summary>Whether the control arm shows it too, so that it does not speak against the canary.</summary>
    public bool Shared { get; init; }

    /// <summary>The one sentence that report, ledger, CLI and mail show.</summary>
    public required string Sentence { get; init; }
}

/// <summary>What the evidence says at one moment of one stage.</summary>
public sealed record Assessment
{
    /// <summary>The verdict.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The verdict in one sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>Findings whose action is due now, worst first.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>What is still missing for promotion, one line each.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>How every test stands.</summary>
    public IReadOnlyList<TestReading> Readings { get; init; } = [];

    /// <summary>While undecided: whether nothing but evidence is missing and none leans against the release, so that at the longest bake the
    /// request's policy may promote it.</summary>
    public bool PolicyMayPromote { get; init; }

    /// <summary>Why sight is lost; null while it is not.</summary>
    public BlindCause? Blind { get; init; }

    /// <summary>Since when sight is lost (end of the last usable interval); null while it is not.</summary>
    public DateTimeOffset? BlindSince { get; init; }
}
