using System.Globalization;
using Slipway.Core.Aftercare;
using Slipway.Core.Approvals;
using Slipway.Core.Outlook;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Messages;

/// <summary>The words of checkpoints: the release says them when they are due, and its page before. Pure.</summary>
public static class MessageWords
{
    /// <summary>Headline of the start.</summary>
    public const string Started = "Started";

    /// <summary>Headline of the end at everybody.</summary>
    public const string Completed = "All users are on the new version";

    /// <summary>Headline of a breach.</summary>
    public const string Breach = "Breach found";

    /// <summary>Headline when a rollback begins.</summary>
    public const string RollbackBegun = "Rollback begun";

    /// <summary>Headline when a rollback has ended well.</summary>
    public const string RolledBack = "Rolled back and verified";

    /// <summary>Headline of what was found when nothing goes back by itself any more.</summary>
    public const string FoundLate = "Found when the release was over";

    /// <summary>What is to come, and who is on call.</summary>
    public static string StartDetails(ReleaseRequest request, ReleasePlan plan)
    {
        var stages = $"{plan.Stages.Count} stages: {string.Join(", ", plan.Stages.Select(stage => $"{plan.Describe(stage.Index)} for at least {DurationText.Format(stage.Bake)}"))}";
        var contact = request.Contacts.Primary.Length > 0 ? $"\nOn call: {request.Contacts.Primary}" : "";
        var channel = request.Communications.IncidentChannel.Length > 0 ? $"\nIncident channel: {request.Communications.IncidentChannel}" : "";
        return $"{stages}. A crossed limit takes every user back by itself.{contact}{channel}";
    }

    /// <summary>Headline of a stage.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="stage">Which stage, 0 first.</param>
    /// <param name="place">Where, with a blank before it; empty where there is one environment only.</param>
    public static string Stage(ReleasePlan plan, int stage, string place) => $"Stage {stage + 1} of {plan.Stages.Count}: {plan.Stages[stage].Percentage} of users{place}";

    /// <summary>Details of the end at everybody.</summary>
    public static string CompletedDetails(ReleasePlan plan) => $"{plan.Stages.Count} stages passed";

    /// <summary>Headline of a review.</summary>
    public static string Review(AftercareCheckpoint checkpoint, ReleasePhase phase) =>
        $"{checkpoint.Title}: {(phase == ReleasePhase.Completed ? "all users are on the new version" : "users were taken back")}";

    /// <summary>What is to be done at a review, and by whom.</summary>
    public static string ReviewDetails(AftercareCheckpoint checkpoint) => string.Join('\n', checkpoint.Tasks.Select(task => $"- {task.Action} ({task.Owner})"));

    /// <summary>Headline of a mail that asks to approve.</summary>
    public static string Asked(ApprovalGate gate, string headline) => $"{headline}: {(gate.Stage < 0 ? "start" : $"stage {gate.Stage + 1}")} at {gate.Percentage}";

    /// <summary>Everything that an approver has to know to decide from the text part alone.</summary>
    /// <param name="gate">What is asked.</param>
    /// <param name="request">The release's request.</param>
    /// <param name="evidence">Why it stands where it stands.</param>
    /// <param name="approved">How many have approved so far.</param>
    /// <param name="askedBy">Who asks.</param>
    /// <param name="exposure">How many users have the new version now.</param>
    /// <param name="sees">What the stage can see; may be empty.</param>
    public static string AskedDetails(ApprovalGate gate, ReleaseRequest request, string evidence, int approved, string askedBy, Percentage exposure, string sees)
    {
        var changes = AdvanceNotice.Changes(request);
        IReadOnlyList<string> lines =
        [
            $"Asked for by {askedBy}{(request.Environments.Count > 0 ? $", in {string.Join(", ", request.Environments.Select(environment => EnvironmentSpec.Word(environment.Name)))}" : "")}.",
            changes.Length > 0 ? $"What changes: {changes}" : "",
            $"Why it stands here: {evidence}",
            $"What it takes to go on: {PromotionOutlook.MissingApprovals(gate, approved)}.",
            $"Approve: {gate.Percentage} of users get the new version next, instead of {exposure} now.",
            $"Reject: the release stops{(exposure > Percentage.Zero ? " and every user goes back" : "")}; one rejection suffices.",
            gate.Identity == ApproverIdentity.SignIn
                ? "Who decides: you, signed in with your own API key that has the role approver. The link alone does not decide."
                : "Who decides: whoever holds this mail decides in your name, and the ledger will say so.",
            sees,
        ];
        return string.Join('\n', lines.Where(line => line.Length > 0));
    }

    /// <summary>Until when an answer is expected, and what happens without one.</summary>
    public static string AskedNext(DateTimeOffset deadline) =>
        string.Create(CultureInfo.InvariantCulture, $"without an answer until {deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC the release stops");
}
