using System.Collections.Immutable;
using Slipway.Core.Decisions;
using Slipway.Core.Releases;

namespace Slipway.Core.Ledgers;

/// <summary>What happens to an evaluation that nobody answers.</summary>
public enum EvaluationSilence
{
    /// <summary>The release goes back at the deadline.</summary>
    RollBack,

    /// <summary>The release stays held, and the question goes up the escalation path.</summary>
    StayHeld,
}

/// <summary>People are asked whether something is as bad as it looks; the release is held meanwhile.</summary>
/// <param name="Id">Unique in the release, for example <c>e1</c>.</param>
/// <param name="Row">The row of the decision matrix; null for a trigger of the request.</param>
/// <param name="Subject">What is asked about: the trigger's name, or what was reported.</param>
/// <param name="Sentence">What was found, with the numbers.</param>
/// <param name="Deadline">Until when an answer is expected.</param>
/// <param name="Silence">What happens without one.</param>
public sealed record EvaluationOpened(
    string Id, MatrixRow? Row, string Subject, string Sentence, DateTimeOffset Deadline, EvaluationSilence Silence) : LedgerBody;

/// <summary>A person answered. Followed by <see cref="CommandApplied"/> or <see cref="CommandRefused"/> with the answer's id.</summary>
public sealed record EvaluationAnswered(EvaluationAnswer Answer) : LedgerBody;

/// <summary>An answer with the moment at which the ledger recorded it.</summary>
public sealed record ReceivedAnswer(EvaluationAnswer Answer, DateTimeOffset At);

/// <summary>How an evaluation ended.</summary>
public enum EvaluationOutcome
{
    /// <summary>It is as bad as it looked: the release goes back.</summary>
    Confirmed,

    /// <summary>It is not.</summary>
    Dismissed,

    /// <summary>Nobody answered in time: the release goes back.</summary>
    Unanswered,

    /// <summary>The release stopped for another reason.</summary>
    Withdrawn,
}

/// <summary>An evaluation is no longer open.</summary>
/// <param name="Id">The evaluation.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="By">Who decided; <c>slipway</c> when nobody did.</param>
/// <param name="Reason">In one sentence.</param>
public sealed record EvaluationEnded(string Id, EvaluationOutcome Outcome, string By, string Reason) : LedgerBody;

/// <summary>An evaluation and what happened to it.</summary>
/// <param name="Opened">What is asked.</param>
/// <param name="At">When it was opened.</param>
/// <param name="Answers">The answers, in the order in which they were received.</param>
/// <param name="Ended">How it ended; null while it is open.</param>
public sealed record EvaluationFact(EvaluationOpened Opened, DateTimeOffset At, ImmutableList<AnswerFact> Answers, EvaluationEnded? Ended)
{
    /// <summary>What happens without an answer, in words.</summary>
    public string WithoutAnswer => Words(Opened.Silence);

    /// <summary>The command that answers.</summary>
    public string Command(ReleaseId release) => CommandOf(release, Opened.Id);

    /// <summary>What happens without an answer, in words.</summary>
    public static string Words(EvaluationSilence silence) => silence == EvaluationSilence.RollBack
        ? "without an answer the release rolls back"
        : "without an answer it stays held and is escalated";

    /// <summary>The command that answers an evaluation.</summary>
    public static string CommandOf(ReleaseId release, string evaluation) => $"slipway answer {release} {evaluation} confirm|dismiss";
}

/// <summary>An answer and what became of it.</summary>
/// <param name="Received">The answer, and when it was recorded.</param>
/// <param name="Applied">True: it counts; false: it does not; null: not yet answered.</param>
/// <param name="Effect">What it did, or why it does not count; empty before that is known.</param>
public sealed record AnswerFact(ReceivedAnswer Received, bool? Applied, string Effect);

/// <summary>What evaluations change in the state.</summary>
internal static class EvaluationFold
{
    public static ReleaseState Open(ReleaseState state, DateTimeOffset at, EvaluationOpened opened) => state with
    {
        Evaluations = state.Evaluations.Add(new EvaluationFact(opened with { Sentence = AuditTrail.Cut(opened.Sentence) }, at, [], null)),
    };

    public static ReleaseState Hear(ReleaseState state, DateTimeOffset at, EvaluationAnswer answer)
    {
        var known = state.Evaluations.FindIndex(fact => fact.Opened.Id == answer.Evaluation);

        // Whoever answers what was never asked gets an answer too, so it is kept beside the evaluations.
        if (known < 0) return state with { StrayAnswers = state.StrayAnswers.Add(new AnswerFact(new ReceivedAnswer(answer, at), null, "")) };
        var fact = state.Evaluations[known];
        return fact.Answers.Exists(other => other.Received.Answer.Id == answer.Id)
            ? state
            : state with { Evaluations = state.Evaluations.SetItem(known, fact with { Answers = fact.Answers.Add(new AnswerFact(new ReceivedAnswer(answer, at), null, "")) }) };
    }

    /// <summary>The state with what became of an answer; the same state when no answer has that id.</summary>
    public static ReleaseState Answer(ReleaseState state, string id, bool applied, string effect)
    {
        var stray = state.StrayAnswers.FindIndex(answer => answer.Received.Answer.Id == id);
        if (stray >= 0)
            return state with { StrayAnswers = state.StrayAnswers.SetItem(stray, state.StrayAnswers[stray] with { Applied = applied, Effect = AuditTrail.Cut(effect) }) };
        var index = state.Evaluations.FindIndex(fact => fact.Answers.Exists(answer => answer.Received.Answer.Id == id));
        if (index < 0) return state;
        var fact = state.Evaluations[index];
        var answers = fact.Answers.Select(answer => answer.Received.Answer.Id == id ? answer with { Applied = applied, Effect = AuditTrail.Cut(effect) } : answer);
        return state with { Evaluations = state.Evaluations.SetItem(index, fact with { Answers = [.. answers] }) };
    }

    public static ReleaseState End(ReleaseState state, EvaluationEnded ended)
    {
        var index = state.Evaluations.FindIndex(fact => fact.Opened.Id == ended.Id);
        return index < 0 || state.Evaluations[index].Ended is not null
            ? state
            : state with { Evaluations = state.Evaluations.SetItem(index, state.Evaluations[index] with { Ended = ended }) };
    }
}
