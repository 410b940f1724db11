using System.Collections.Immutable;
using Slipway.Core.Requests;

namespace Slipway.Core.Ledgers;

/// <summary>What people and the release told each other: commands, approvals, reports, pages, alerts and messages.</summary>
public sealed partial record ReleaseState
{
    /// <summary>The commands, in the order in which they were received.</summary>
    public ImmutableList<CommandFact> Commands { get; init; } = [];

    /// <summary>The commands without an answer, oldest first.</summary>
    public IEnumerable<CommandFact> PendingCommands => Commands.Where(command => command.Applied is null);

    /// <summary>The approval gates that were put to their groups, by id.</summary>
    public ImmutableSortedDictionary<string, ApprovalFact> Approvals { get; init; } =
        ImmutableSortedDictionary.Create<string, ApprovalFact>(StringComparer.Ordinal);

    /// <summary>The approval gates that wait for decisions.</summary>
    public IEnumerable<ApprovalFact> OpenApprovals => Approvals.Values.Where(fact => fact.Ended is null);

    /// <summary>The decisions without an answer, oldest first.</summary>
    public IEnumerable<DecisionFact> PendingDecisions =>
        Approvals.Values.SelectMany(fact => fact.Decisions).Where(fact => fact.Applied is null).OrderBy(fact => fact.Sequence);

    /// <summary>What people reported, in the order in which it was received.</summary>
    public ImmutableList<SignalFact> Signals { get; init; } = [];

    /// <summary>The evaluations, in the order in which they were opened.</summary>
    public ImmutableList<EvaluationFact> Evaluations { get; init; } = [];

    /// <summary>The evaluations that wait for an answer.</summary>
    public IEnumerable<EvaluationFact> OpenEvaluations => Evaluations.Where(fact => fact.Ended is null);

    /// <summary>The pages to people on call, in the order in which they were sent.</summary>
    public ImmutableList<PageFact> Pages { get; init; } = [];

    /// <summary>The pages that nobody has acknowledged.</summary>
    public IEnumerable<PageFact> OpenPages => Pages.Where(fact => fact.Ended is null);

    /// <summary>Who accepted the notice that the release starts: addresses and names of webhooks.</summary>
    public IEnumerable<string> ToldOfStart =>
        Messages.Values.Where(message => message.Last is { Accepted: true, Checkpoint: Checkpoint.Start }).Select(message => message.Last.Recipient).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers to what was never asked.</summary>
    public ImmutableList<AnswerFact> StrayAnswers { get; init; } = [];

    /// <summary>The ids of reports and answers that nobody has answered, with the moment at which each was recorded.</summary>
    public IEnumerable<(string Id, DateTimeOffset At)> PendingReports =>
        Signals.Where(fact => fact.Applied is null).Select(fact => (fact.Received.Signal.Id, fact.Received.At))
            .Concat(Evaluations.SelectMany(fact => fact.Answers).Concat(StrayAnswers).Where(answer => answer.Applied is null).Select(answer => (answer.Received.Answer.Id, answer.Received.At)));

    /// <summary>The alerts that fired, by name.</summary>
    public ImmutableSortedDictionary<string, AlertFact> Alerts { get; init; } =
        ImmutableSortedDictionary.Create<string, AlertFact>(StringComparer.Ordinal);

    /// <summary>The messages by id, as last attempted.</summary>
    public ImmutableSortedDictionary<string, MessageFact> Messages { get; init; } =
        ImmutableSortedDictionary.Create<string, MessageFact>(StringComparer.Ordinal);

    /// <summary>Messages that were attempted and not accepted: they are still due. A request for an approval that is decided is not, nor the
    /// announcement of what is taken back, nor a progress report, which the next one makes stale, nor a review, which nothing waits for.</summary>
    public IEnumerable<MessageFact> DueMessages => Messages.Values.Where(message => !message.Last.Accepted && message.Last.Checkpoint switch
    {
        Checkpoint.Approval => OpenApprovals.Any(),
        Checkpoint.Start or Checkpoint.Stage => Rollback is null,
        Checkpoint.Progress or Checkpoint.Review => false,
        _ => true,
    });

    /// <summary>Whether an operator accepted that a notice cannot be delivered.</summary>
    public bool NoticesAcknowledged { get; init; }
}
