using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core.Approvals;
using Slipway.Core.Gates;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Ledgers;

/// <summary>What a ledger entry says. Each kind has a versioned name in <see cref="LedgerBodies"/>, never its CLR name.</summary>
public abstract record LedgerBody;

/// <summary>An entry of a type that this version does not know: kept, shown, and ignored by the fold.</summary>
/// <param name="Type">The stored type name.</param>
/// <param name="Json">The stored body.</param>
public sealed record UnknownBody(string Type, JsonElement Json) : LedgerBody;

/// <summary>The first entry: the request, its plan, and the workflow version that will run it.</summary>
public sealed record ReleaseCreated : LedgerBody
{
    /// <summary>The request as read.</summary>
    public required ReleaseRequest Request { get; init; }

    /// <summary>The plan made from it.</summary>
    public required ReleasePlan Plan { get; init; }

    /// <summary>Lower-case hex SHA-256 of the request's canonical JSON: arbitrates "same id, same content".</summary>
    public required string ContentHash { get; init; }

    /// <summary>The authenticated starter.</summary>
    public required string StartedBy { get; init; }

    /// <summary>The workflow version, for example <c>release.v1</c>.</summary>
    public required string Workflow { get; init; }

    /// <summary>Absolute base of links in report and mail, without a trailing slash.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>Which attempt at the same request it is, 1 first.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The attempt before; null for the first.</summary>
    public ReleaseId? Predecessor { get; init; }

    /// <summary>Warnings of the intake, shown as checks.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What has to be approved, the start first; empty: nothing.</summary>
    public IReadOnlyList<ApprovalGate> Approvals { get; init; } = [];

    /// <summary>The rehearsal of this very request, where a valid one came with the start; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RehearsalProof? Rehearsal { get; init; }

    /// <summary>A rehearsal of this very request that came with the start and does not count, since it failed or left scenarios out: those who decide
    /// shall see what it found. Otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RehearsalProof? FailedRehearsal { get; init; }
}

/// <summary>The release moved to another phase, by the transition table.</summary>
/// <param name="Phase">The new phase.</param>
/// <param name="Trigger">What moved it.</param>
/// <param name="Stage">The stage it concerns; -1 before the first.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="NextAt">When the next thing happens by itself; null when nothing is due.</param>
/// <param name="NextEvent">What happens then; empty when nothing is due.</param>
public sealed record PhaseEntered(ReleasePhase Phase, ReleaseTrigger Trigger, int Stage, string Reason, DateTimeOffset? NextAt, string NextEvent) : LedgerBody;

/// <summary>The release reached a terminal phase.</summary>
/// <param name="Phase">Completed, RolledBack or Failed.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="LeftToDo">What is left to do by hand.</param>
public sealed record ReleaseEnded(ReleasePhase Phase, string Reason, IReadOnlyList<string> LeftToDo) : LedgerBody;
