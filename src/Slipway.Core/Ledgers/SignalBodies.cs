using Slipway.Core.Releases;

namespace Slipway.Core.Ledgers;

/// <summary>A person reported something. Followed by <see cref="CommandApplied"/> or <see cref="CommandRefused"/> with the report's id.</summary>
public sealed record SignalReceived(ReleaseSignal Signal) : LedgerBody;

/// <summary>A report with the moment at which the ledger recorded it.</summary>
public sealed record ReceivedSignal(ReleaseSignal Signal, DateTimeOffset At);

/// <summary>A report and its answer.</summary>
/// <param name="Received">What was reported, and when.</param>
/// <param name="Applied">True: it was taken in; false: refused; null: not yet answered.</param>
/// <param name="Answer">What it caused, or why it was refused; empty before the answer.</param>
public sealed record SignalFact(ReceivedSignal Received, bool? Applied, string Answer);

/// <summary>What reports change in the state.</summary>
internal static class SignalFold
{
    public static ReleaseState Receive(ReleaseState state, DateTimeOffset at, ReleaseSignal signal) =>
        state.Signals.Exists(fact => fact.Received.Signal.Id == signal.Id)
            ? state
            : state with { Signals = state.Signals.Add(new SignalFact(new ReceivedSignal(signal, at), null, "")) };

    /// <summary>The state with a report's answer; the same state when no report has that id.</summary>
    public static ReleaseState Answer(ReleaseState state, string id, bool applied, string answer)
    {
        var index = state.Signals.FindIndex(fact => fact.Received.Signal.Id == id);
        return index < 0
            ? state
            : state with { Signals = state.Signals.SetItem(index, state.Signals[index] with { Applied = applied, Answer = AuditTrail.Cut(answer) }) };
    }
}
