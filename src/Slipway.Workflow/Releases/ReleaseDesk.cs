using Slipway.Core.Approvals;
using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Releases;

/// <summary>
/// What people and pipelines ask for: start, command, read. Every start and command is in the ledger before anything is signalled, so
/// that a lost signal delays and never loses.
/// </summary>
/// <param name="journal">Ledgers with their snapshots.</param>
/// <param name="snapshots">Published summaries.</param>
/// <param name="client">The engine.</param>
/// <param name="flags">For "this flag does not exist" before anything is recorded.</param>
/// <param name="time">The clock of this host.</param>
/// <param name="options">Policy and addresses.</param>
public sealed partial class ReleaseDesk(
    ReleaseJournal journal, IReleaseSnapshots snapshots, IReleaseClient client, IFlagStore flags, TimeProvider time, ReleaseDeskOptions options)
{
    /// <summary>Records and schedules a release. Idempotent by the request's id and content.</summary>
    public Task<StartOutcome> StartAsync(ReleaseRequest request, string startedBy, CancellationToken cancellation) => StartAsync(request, startedBy, null, cancellation);

    /// <summary>The same with the rehearsal that was made of the request. A strict server starts nothing that was not rehearsed; others say so in
    /// a warning.</summary>
    /// <param name="request">The request.</param>
    /// <param name="startedBy">The authenticated starter.</param>
    /// <param name="rehearsal">The rehearsal; null: there is none.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<StartOutcome> StartAsync(ReleaseRequest request, string startedBy, RehearsalProof? rehearsal, CancellationToken cancellation)
    {
        request = options.Completed(request);
        var id = request.Release.Id;
        if (await journal.StateAsync(id, cancellation) is { Created: { } known } there && known.ContentHash == RequestHash.Of(request))
        {
            // Also what could not be started any more, since its date has passed, say, was started when it could. A start that was recorded
            // but never scheduled is repaired by asking again. One that is over is over, also when the engine has forgotten it.
            if (!there.IsTerminal) await client.ScheduleAsync(id, cancellation);
            return new StartOutcome.Started(id, true);
        }

        var check = await CheckAsync(request, cancellation);
        if (check is StartCheck.Insufficient insufficient) return new StartOutcome.Insufficient(insufficient.Context);
        if (check is not StartCheck.Ready ready) return new StartOutcome.Refused(((StartCheck.Refused)check).Problems);
        var unrehearsed = RehearsalProof.Problem(rehearsal, RequestHash.Of(request), time.GetUtcNow());
        if (unrehearsed is not null && options.Policy.Intake == IntakeProfile.Strict) return new StartOutcome.Refused([Unrehearsed(unrehearsed)]);

        var approvals = ApprovalGates.Of(request, ready.Plan, options.Policy, [startedBy]);
        if (Unreachable(approvals, ready.Plan) is { Count: > 0 } unreachable) return new StartOutcome.Refused(unreachable);

        var first = First(request, ready, approvals, startedBy, rehearsal: rehearsal, unrehearsed: unrehearsed);
        var creation = await journal.CreateAsync(id, first, cancellation);
        if (creation == LedgerCreation.OtherContent) return new StartOutcome.Conflict(id);

        await client.ScheduleAsync(id, cancellation);
        return new StartOutcome.Started(id, creation == LedgerCreation.SameContent);
    }

    private LedgerDraft First(ReleaseRequest request, StartCheck.Ready ready, IReadOnlyList<ApprovalGate> approvals, string startedBy, int attempt = 1, ReleaseId? predecessor = null, RehearsalProof? rehearsal = null, string? unrehearsed = null) =>
        new("start", time.GetUtcNow(), startedBy, new ReleaseCreated
        {
            Request = request,
            Plan = ready.Plan,
            ContentHash = RequestHash.Of(request),
            StartedBy = startedBy,
            Workflow = ReleaseActivities.Release.Value,
            BaseUrl = options.BaseUrl,
            Attempt = attempt,
            Predecessor = predecessor,
            Warnings = [.. OpenQuestions(ready.Questions), .. InlineApprovers(request, approvals), .. ApprovalGates.Remarks(approvals, options.Policy), .. ApprovalGates.Unknown(approvals), .. NotRehearsed(unrehearsed)],
            Approvals = approvals,
            Rehearsal = unrehearsed is null ? rehearsal : null,
            FailedRehearsal = unrehearsed is not null && rehearsal is not null && RehearsalProof.Problem(rehearsal with { Passed = true, Complete = true }, RequestHash.Of(request), time.GetUtcNow()) is null ? rehearsal : null,
        });

    private static RequestProblem Unrehearsed(string found) => RequestProblem.At(
        "rehearsal", found, "a passing rehearsal of this very request, at most a week old: `slipway rehearse FILE` makes it, and `slipway start FILE` sends it");

    private static IEnumerable<string> NotRehearsed(string? found) => found is null ? [] : [$"The rollback plan is not rehearsed: found {found}"];

    /// <summary>One sentence with every path: the questions themselves stand in the plan's documents.</summary>
    private static IEnumerable<string> OpenQuestions(IReadOnlyList<Gap> questions) => questions.Count == 0
        ? []
        : [$"{(questions.Count == 1 ? "1 question is" : $"{questions.Count} questions are")} open and none blocks: {string.Join(", ", questions.Select(gap => gap.Path))}"];

    /// <summary>Asks everything that a start asks, and records nothing.</summary>
    public Task<StartCheck> CheckAsync(ReleaseRequest request, CancellationToken cancellation) => CheckAsync(options.Completed(request), time.GetUtcNow(), cancellation);

    /// <param name="request">The request.</param>
    /// <param name="now">For a release date that has passed; null where that is no matter.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    private async Task<StartCheck> CheckAsync(ReleaseRequest request, DateTimeOffset? now, CancellationToken cancellation)
    {
        if (options.Policy.Unknown is { } unknown) return new StartCheck.Refused([UnknownPolicy(unknown)]);
        var gaps = IntakeGaps.Analyse(request, options.Policy.Intake, now);
        if (gaps.Insufficient is { } insufficient) return new StartCheck.Insufficient(insufficient);

        var planned = Planner.Plan(request, options.Policy.CalendarRules, options.Telemetry);
        if (planned.Plan is not { } plan) return new StartCheck.Refused(planned.Problems);
        List<RequestProblem> problems =
        [
            .. SupportedFeatures.Check(request, plan, options.Telemetry),
            .. PolicyCheck.Check(request, plan, options.Policy),
            .. ApprovalProblems(request, plan),
            .. await MissingFlagsAsync(plan, cancellation),
        ];
        return problems.Count > 0 ? new StartCheck.Refused(problems) : new StartCheck.Ready(plan, gaps.Gaps);
    }

    private static RequestProblem UnknownPolicy(string found) => RequestProblem.At(
        "", found, "a server policy that can be read, since it says who approves and what is the least that a release must keep: until then nothing starts, and releases under way go on and can be taken back");

    /// <summary>Records a command and wakes the release. Idempotent by the command's id.</summary>
    public Task<CommandOutcome> CommandAsync(ReleaseId release, ReleaseCommand command, CancellationToken cancellation) =>
        RecordAsync(release, command.Id, command.Actor, new CommandReceived(command), cancellation);

    /// <summary>The report as it is now; null when there is no such release.</summary>
    public Task<ReleaseSnapshot?> GetAsync(ReleaseId release, CancellationToken cancellation) => journal.SnapshotAsync(release, time.GetUtcNow(), cancellation);

    /// <summary>What the ledger of a release says; null when there is none.</summary>
    public Task<ReleaseState?> StateAsync(ReleaseId release, CancellationToken cancellation) => journal.StateAsync(release, cancellation);

    /// <summary>Summaries of all releases, newest start first.</summary>
    public Task<IReadOnlyList<ReleaseSummary>> ListAsync(int skip, int take, CancellationToken cancellation) => snapshots.ListAsync(skip, take, cancellation);

    /// <summary>Summaries of the releases that a query shows, newest start first, and how many there are.</summary>
    public Task<FoundReleases> FindAsync(ReleaseQuery query, int skip, int take, CancellationToken cancellation) => snapshots.FindAsync(query, skip, take, cancellation);

    /// <summary>Ledger entries after a sequence; null when there is no such release.</summary>
    public async Task<IReadOnlyList<LedgerEntry>?> LedgerAsync(ReleaseId release, long after, CancellationToken cancellation)
    {
        var entries = await journal.ReadAsync(release, after, cancellation);
        return entries.Count > 0 || await journal.StateAsync(release, cancellation) is not null ? entries : null;
    }

    /// <summary>Completes when something is appended to a release on this host after this call; whoever looks for entries of other hosts too asks again.</summary>
    public Task NextAppendAsync(ReleaseId release) => journal.NextAppendAsync(release);

    private async Task<IEnumerable<RequestProblem>> MissingFlagsAsync(ReleasePlan plan, CancellationToken cancellation)
    {
        var known = await flags.ListAsync(cancellation);
        return plan.Flags
            .Select((flag, index) => (Key: flag.Key, Index: index))
            .Where(flag => !known.Contains(flag.Key))
            .Select(flag => RequestProblem.At(
                $"flags[{flag.Index}].name", $"'{flag.Key}', which does not exist in the flag store", "an existing flag that is off",
                NearestName.Of(flag.Key.ToString(), [.. known.Select(key => key.ToString())])));
    }
}

/// <summary>Policy and addresses of a host.</summary>
public sealed record ReleaseDeskOptions
{
    /// <summary>Absolute base of links in report and mail, without a trailing slash.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>The server's policy.</summary>
    public required ServerPolicy Policy { get; init; }

    /// <summary>Verify the links of approvers; null: releases that need an approval are refused.</summary>
    public ApprovalKeys? ApprovalKeys { get; init; }

    /// <summary>The telemetry that the server's metric source reads. Default: its own store.</summary>
    public TelemetrySource Telemetry { get; init; } = TelemetrySource.Embedded;

    /// <summary>For Log Analytics: the workspace of requests that name none; empty: each has to.</summary>
    public string Workspace { get; init; } = "";

    /// <summary>A request with what this server fills in before it is looked at; what is recorded says it too.</summary>
    internal ReleaseRequest Completed(ReleaseRequest request) =>
        Workspace.Length > 0 && request.Telemetry is { Source: TelemetrySource.LogAnalytics, Workspace.Length: 0 } telemetry
            ? request with { Telemetry = telemetry with { Workspace = Workspace } }
            : request;
}

/// <summary>What a server found to go on with at its start.</summary>
/// <param name="GoingOn">How many unfinished releases were scheduled and woken.</param>
/// <param name="NotRunHere">Unfinished releases under a workflow version that this build does not have.</param>
public sealed record RepairOutcome(int GoingOn, IReadOnlyList<ReleaseId> NotRunHere)
{
    /// <summary>Releases that could not be looked at, and why, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>What a start would say to a request.</summary>
public abstract record StartCheck
{
    /// <summary>It could start.</summary>
    /// <param name="Plan">What would be done.</param>
    /// <param name="Questions">What the request leaves open; nothing of it blocks.</param>
    public sealed record Ready(ReleasePlan Plan, IReadOnlyList<Gap> Questions) : StartCheck;

    /// <summary>Information is missing.</summary>
    public sealed record Insufficient(InsufficientContext Context) : StartCheck;

    /// <summary>The request cannot be run as it is.</summary>
    public sealed record Refused(IReadOnlyList<RequestProblem> Problems) : StartCheck;
}

/// <summary>How a start ended.</summary>
public abstract record StartOutcome
{
    /// <summary>Recorded and scheduled.</summary>
    /// <param name="Release">Its id.</param>
    /// <param name="AlreadyExisted">The same id with the same content was there before.</param>
    public sealed record Started(ReleaseId Release, bool AlreadyExisted) : StartOutcome;

    /// <summary>The same id exists with other content.</summary>
    public sealed record Conflict(ReleaseId Release) : StartOutcome;

    /// <summary>Information is missing; nothing was recorded.</summary>
    public sealed record Insufficient(InsufficientContext Context) : StartOutcome;

    /// <summary>The request cannot be run as it is; nothing was recorded.</summary>
    public sealed record Refused(IReadOnlyList<RequestProblem> Problems) : StartOutcome;
}

/// <summary>How a command was received. Whether it is applied or refused is in the ledger soon after.</summary>
public abstract record CommandOutcome
{
    /// <summary>Recorded under this sequence (also when it had been recorded before).</summary>
    public sealed record Accepted(long Sequence) : CommandOutcome;

    /// <summary>There is no such release.</summary>
    public sealed record NotFound : CommandOutcome;

    /// <summary>The release is over; nothing was recorded.</summary>
    public sealed record Ended(ReleasePhase Phase) : CommandOutcome;

    /// <summary>Something else was recorded under this id before, as this entry; nothing was recorded.</summary>
    public sealed record OtherContent(long Sequence) : CommandOutcome;
}
