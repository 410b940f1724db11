using System.Text.Json.Serialization;

namespace Slipway.Core.Releases;

/// <summary>What people report about a running release.</summary>
public enum ReleaseSignalKind
{
    /// <summary>Users complain; <see cref="ReleaseSignal.Count"/> says how many.</summary>
    Complaints,

    /// <summary>An incident; <see cref="ReleaseSignal.Severity"/> says of what kind.</summary>
    Incident,

    /// <summary>Data was lost or corrupted.</summary>
    DataLoss,

    /// <summary>The service is down for everybody.</summary>
    Outage,

    /// <summary>Something that a person saw and wants to be in the deployment log; it causes nothing.</summary>
    Observation,

    /// <summary>A task after the release is done; <see cref="ReleaseSignal.Task"/> says which.</summary>
    Done,

    /// <summary>A lesson that was learned; <see cref="ReleaseSignal.Text"/> has it.</summary>
    Lesson,
}

/// <summary>How bad a reported incident is.</summary>
public enum IncidentSeverity
{
    /// <summary>A security incident: the release goes back, and the incident response begins.</summary>
    Security,

    /// <summary>Users are harmed: back in a canary or partial stage, otherwise people are asked.</summary>
    Critical,

    /// <summary>Something beside the release is impaired: a warning.</summary>
    Moderate,
}

/// <summary>One report of a person, idempotent by <see cref="Id"/>: appended to the ledger first, then signalled.</summary>
/// <param name="Id">Chosen by the sender, unique in the release among commands, reports and answers; sending it again changes nothing.</param>
/// <param name="Kind">What is reported.</param>
/// <param name="Actor">The authenticated person or key that reports.</param>
/// <param name="Text">What happened, in the person's words; may be empty.</param>
public sealed record ReleaseSignal(string Id, ReleaseSignalKind Kind, string Actor, string Text)
{
    /// <summary>For <see cref="ReleaseSignalKind.Complaints"/>: how many, 1 or more. Otherwise 0.</summary>
    public int Count { get; init; }

    /// <summary>For <see cref="ReleaseSignalKind.Incident"/>; otherwise null.</summary>
    public IncidentSeverity? Severity { get; init; }

    /// <summary>For <see cref="ReleaseSignalKind.Done"/>: the task's word; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Task { get; init; }
}

/// <summary>What a person says to an open evaluation.</summary>
public enum EvaluationVerdict
{
    /// <summary>It is as bad as it looks: the release goes back.</summary>
    Confirm,

    /// <summary>It is not: the release goes on.</summary>
    Dismiss,
}

/// <summary>One answer to one evaluation, idempotent by <see cref="Id"/>.</summary>
/// <param name="Id">Chosen by the sender, unique in the release among commands, reports and answers; sending it again changes nothing.</param>
/// <param name="Evaluation">The evaluation's id, for example <c>e1</c>.</param>
/// <param name="Verdict">Confirm or dismiss.</param>
/// <param name="Actor">The authenticated person or key that answers.</param>
/// <param name="Comment">Why, in the person's words; may be empty.</param>
public sealed record EvaluationAnswer(string Id, string Evaluation, EvaluationVerdict Verdict, string Actor, string Comment);
