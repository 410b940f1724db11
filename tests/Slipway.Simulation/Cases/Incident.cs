using System.Globalization;
using Slipway.Core.Releases;

namespace Slipway.Simulation.Cases;

/// <summary>What can happen to a release from outside.</summary>
public enum IncidentKind
{
    /// <summary>Nothing; the state of a run between two incidents.</summary>
    None,

    /// <summary>A system does not answer, and nothing happened there.</summary>
    Unavailable,

    /// <summary>A compare-and-set is lost to somebody else.</summary>
    Conflict,

    /// <summary>A call takes longer, up to far beyond its time-out.</summary>
    Slow,

    /// <summary>A call takes effect, and its answer is lost.</summary>
    AnswerLost,

    /// <summary>Telemetry answers without a row.</summary>
    Empty,

    /// <summary>A read answers what was there before.</summary>
    Stale,

    /// <summary>A call is delivered twice.</summary>
    Twice,

    /// <summary>The process is killed before a call takes effect.</summary>
    CrashBefore,

    /// <summary>The process is killed when a call took effect, before anybody heard of it.</summary>
    CrashAfter,

    /// <summary>The process is killed before the engine commits a step.</summary>
    CrashBeforeCommit,

    /// <summary>The process is killed when the engine committed a step, before what follows from it.</summary>
    CrashAfterCommit,

    /// <summary>Wake-ups are lost between ledger and engine.</summary>
    SignalsLost,

    /// <summary>Wake-ups arrive late, and in another order.</summary>
    SignalsLate,

    /// <summary>Wake-ups arrive twice.</summary>
    SignalsTwice,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The machine stands still, and then its clock jumps.</summary>
    Suspended,

    /// <summary>Somebody else writes a flag.</summary>
    Drift,

    /// <summary>A person sends a command.</summary>
    Command,

    /// <summary>A person freezes the server's releases for a time.</summary>
    Freeze,

    /// <summary>A person tries a release again that ended badly.</summary>
    Retry,

    /// <summary>Somebody else changes a configuration key that level 2 brings back.</summary>
    KeyDrift,

    /// <summary>A person reports what telemetry does not see.</summary>
    Report,

    /// <summary>A person takes a lock away from the release that holds it.</summary>
    Unlock,
}

/// <summary>Something that happens, tied to a moment of the release's own course so that it can be left out without moving the others.</summary>
public sealed record Incident
{
    /// <summary>What happens.</summary>
    public required IncidentKind Kind { get; init; }

    /// <summary>It begins <see cref="After"/> the moment at which a release enters this phase.</summary>
    public required ReleasePhase Phase { get; init; }

    /// <summary>At which entering of the phase, 1 first, counted over all releases of the run; 0: from the beginning of the run, whatever the phase.</summary>
    public int Entering { get; init; } = 1;

    /// <summary>How long after that.</summary>
    public TimeSpan After { get; init; }

    /// <summary>For how long calls are concerned, the process is down, the machine stands still, or the freeze lasts.</summary>
    public TimeSpan For { get; init; }

    /// <summary>Which calls, for what happens to calls: one operation, or the first part of the names of several.</summary>
    public string Operation { get; init; } = "";

    /// <summary>How many of those calls go well before.</summary>
    public int Skip { get; init; }

    /// <summary>How many calls are concerned.</summary>
    public int Calls { get; init; } = int.MaxValue;

    /// <summary>How much longer calls take.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether the time goes by when a slow call of a store has taken effect: what it answers is old then. Of those that concern a few calls half do.</summary>
    public bool AnswersLate => Skip % 2 == 1 && IncidentGenerator.AreOfStore(Operation);

    /// <summary>Which release it is about, for commands, drift and retries: its place in the run.</summary>
    public int Release { get; init; }

    /// <summary>What is commanded.</summary>
    public ReleaseCommandKind Command { get; init; }

    /// <summary>What is reported.</summary>
    public ReleaseSignalKind Signal { get; init; }

    /// <summary>How many complain; for an incident it says how bad, and for a lock, whether by force (1).</summary>
    public int Count { get; init; }

    /// <summary>To what somebody else sets the flag, in percent.</summary>
    public int Exposure { get; init; }

    /// <summary>Whether a person or somebody else does it once, instead of it happening to calls.</summary>
    public bool IsAct => Kind is IncidentKind.DiskFull or IncidentKind.Suspended or IncidentKind.Drift or IncidentKind.Command or IncidentKind.Freeze or IncidentKind.Retry
        or IncidentKind.KeyDrift or IncidentKind.Report or IncidentKind.Unlock;

    /// <summary>Whether it happens to calls of an operation.</summary>
    public bool Concerns(string operation) => operation == Operation || (Operation == IncidentGenerator.Everything && operation.Length > 0)
        || (Operation.Length > 0 && operation.Length > Operation.Length && operation[Operation.Length] == '.' && operation.StartsWith(Operation, StringComparison.Ordinal));

    /// <summary>In words, for whoever reads a finding.</summary>
    public override string ToString()
    {
        var what = Kind switch
        {
            IncidentKind.Command => Sentence($"somebody commands {Command} of release {Release + 1}"),
            IncidentKind.Drift => Sentence($"somebody else sets the flag of release {Release + 1} to {Exposure} %"),
            IncidentKind.KeyDrift => Sentence($"somebody else changes the configuration keys of release {Release + 1}"),
            IncidentKind.Report => Sentence($"somebody reports {Signal} ({Count}) of release {Release + 1}"),
            IncidentKind.Unlock => Sentence($"somebody takes a lock of release {Release + 1} away{(Count > 0 ? " by force" : "")}"),
            IncidentKind.Retry => Sentence($"somebody tries release {Release + 1} again"),
            IncidentKind.Freeze => Sentence($"the releases are frozen for {For}"),
            IncidentKind.Suspended => Sentence($"the machine stands still for {For}"),
            IncidentKind.DiskFull => Sentence($"the disk is full for {For}"),
            IncidentKind.SignalsLost or IncidentKind.SignalsTwice => Sentence($"{Kind} for {For}"),
            IncidentKind.SignalsLate => Sentence($"{Kind} by {Delay}, for {For}"),
            IncidentKind.CrashBefore or IncidentKind.CrashAfter => Sentence($"{Kind} {Operation} number {Skip + 1}, down for {For}"),
            IncidentKind.CrashBeforeCommit or IncidentKind.CrashAfterCommit => Sentence($"{Kind} number {Skip + 1}, down for {For}"),
            IncidentKind.Slow when AnswersLate => Sentence($"{Operation} answers {Delay} late, for {For}{Which}"),
            IncidentKind.Slow => Sentence($"{Operation} takes {Delay} longer, for {For}{Which}"),
            _ => Sentence($"{Operation} {Kind} for {For}{Which}"),
        };
        return Entering == 0 ? Sentence($"from the beginning: {what}") : Sentence($"{After} after entering {Phase}{(Entering > 1 ? Sentence($" for the {Entering}. time") : "")}: {what}");
    }

    private string Which => Calls == int.MaxValue ? "" : Sentence($", calls {Skip + 1} to {Skip + Calls}");

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
