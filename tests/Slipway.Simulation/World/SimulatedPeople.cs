using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Rehearsal.Randomness;
using Slipway.Scenarios.World;
using Slipway.Simulation.Cases;
using Slipway.Workflow.Ports;

namespace Slipway.Simulation.World;

/// <summary>Approvers who answer by the links in their mail as the run says, and whoever is on call, who leaves nothing held for long.</summary>
internal sealed class SimulatedPeople(SimulatedWorld world, People people, ulong key)
{
    private static readonly TimeSpan OnCallAfter = TimeSpan.FromMinutes(25);

    private const int MostPatience = 3;

    private readonly Dice _dice = new(key);
    private readonly Dice _answers = new(RandomStream.KeyOf(key, 1));
    private readonly Dictionary<ReleaseId, int> _interventions = [];
    private int _commands;

    /// <summary>The server's policy: two approvers, of whom none asked for the release.</summary>
    public static ServerPolicy Policy { get; } = new() { ApproverGroups = Requests.Groups, Keys = Requests.ApproverKeys, AllowedUrls = new UrlAllowList([UrlPattern.Loopback]) };

    /// <summary>A mail arrives.</summary>
    public void Receive(OutgoingMail mail)
    {
        if (mail.Text.IndexOf("/approvals/", StringComparison.Ordinal) is not (>= 0 and var at)) return;
        var token = mail.Text[(at + "/approvals/".Length)..];
        var end = token.AsSpan().IndexOfAny(" \r\n");
        if (end >= 0) token = token[..end];
        if (_dice.Chance(people.Silent)) return;
        var choice = _dice.Chance(people.Rejects) ? ApprovalChoice.Reject : ApprovalChoice.Approve;
        var answer = _dice.Span(people.AnswerAfter);
        world.Later(answer, () => DecideAsync(token, mail.To, choice));
        if (_dice.Chance(people.Twice)) world.Later(answer + TimeSpan.FromMinutes(1), () => DecideAsync(token, mail.To, choice == ApprovalChoice.Approve ? ApprovalChoice.Reject : ApprovalChoice.Approve));
    }

    /// <summary>A release is held, or waits at 100 % for notices that are not accepted: whoever is on call looks at it later.</summary>
    public void Held(ReleaseId release, ReleasePhase phase, DateTimeOffset since) => world.Later(OnCallAfter, () => LookAsync(release, phase, since));

    /// <summary>Sends a command.</summary>
    public async Task CommandAsync(ReleaseId release, ReleaseCommandKind kind, string reason)
    {
        var command = new ReleaseCommand($"c{++_commands}", kind, Requests.Dana, reason) { Duration = kind == ReleaseCommandKind.Extend ? TimeSpan.FromMinutes(10) : null };
        await world.Process.Desk.CommandAsync(release, command, default);
    }

    /// <summary>Reports what telemetry does not see.</summary>
    public Task ReportAsync(ReleaseId release, ReleaseSignalKind kind, int count) => world.Process.Desk.ReportAsync(
        release,
        new ReleaseSignal($"r{++_commands}", kind, Requests.Dana, "somebody saw it")
        {
            Count = kind == ReleaseSignalKind.Complaints ? count : 0,
            Severity = kind == ReleaseSignalKind.Incident ? (IncidentSeverity)(count % Enum.GetValues<IncidentSeverity>().Length) : null,
        },
        default);

    /// <summary>An evaluation is opened: somebody answers it, twice and otherwise perhaps, or nobody does.</summary>
    public void Asked(ReleaseId release, string evaluation)
    {
        if (_answers.Chance(0.3)) return;
        var verdict = _answers.Pick(EvaluationVerdict.Confirm, EvaluationVerdict.Dismiss);
        var after = _answers.Span(TimeSpan.FromMinutes(30));
        world.Later(after, () => AnswerAsync(release, evaluation, verdict));
        if (_answers.Chance(people.Twice)) world.Later(after + TimeSpan.FromMinutes(1), () => AnswerAsync(release, evaluation, 1 - verdict));
    }

    private Task AnswerAsync(ReleaseId release, string evaluation, EvaluationVerdict verdict) =>
        world.Process.Desk.AnswerAsync(release, new EvaluationAnswer($"a{++_commands}", evaluation, verdict, Requests.Dana, "looked at it"), default);

    private async Task DecideAsync(string token, string approver, ApprovalChoice choice)
    {
        // Whoever started it opens the link too, and must not count.
        if (_dice.Chance(0.1)) await world.Process.Desk.DecideAsync(token, new ApprovalPrincipal(Requests.Dana, true), choice, "for my own", "prod", default);
        await world.Process.Desk.DecideAsync(token, new ApprovalPrincipal(approver, true), choice, "", "prod", default);
    }

    private async Task LookAsync(ReleaseId release, ReleasePhase phase, DateTimeOffset since)
    {
        var state = ReleaseState.Fold(world.Ledgers.EntriesOf(release));
        if (state.Phase != phase || state.IsTerminal || state.PhaseSince != since) return;
        var times = _interventions[release] = _interventions.GetValueOrDefault(release) + 1;
        var kind = phase == ReleasePhase.Concluding ? ReleaseCommandKind.AcknowledgeNotices
            : times > MostPatience ? ReleaseCommandKind.RollBack
            : _dice.Pick(ReleaseCommandKind.RollBack, ReleaseCommandKind.Resume, ReleaseCommandKind.Promote);
        Held(release, phase, since);
        await CommandAsync(release, kind, "whoever is on call decides");
    }
}
