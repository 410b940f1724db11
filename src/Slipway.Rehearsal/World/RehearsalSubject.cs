using Slipway.Core.Analysis.Power;
using Slipway.Core.Approvals;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Rehearsal.Traffic;

namespace Slipway.Rehearsal.World;

/// <summary>What is rehearsed: a request, the plan that a start would make of it, and the service that it is about.</summary>
public sealed record RehearsalSubject
{
    /// <summary>A Tuesday morning; when a release without a date is rehearsed.</summary>
    public static readonly DateTimeOffset UsualStart = new(2026, 11, 3, 9, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Notice = TimeSpan.FromHours(25);

    /// <summary>The request.</summary>
    public required ReleaseRequest Request { get; init; }

    /// <summary>Its plan.</summary>
    public required ReleasePlan Plan { get; init; }

    /// <summary>The service.</summary>
    public required ServiceProfile Profile { get; init; }

    /// <summary>What the stages can tell at the traffic and base rate that are rehearsed.</summary>
    public required ReleasePower Power { get; init; }

    /// <summary>What identifies the request, as its ledger will have it.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Who is asked for approval.</summary>
    public required IReadOnlyList<ApprovalGate> Approvals { get; init; }

    /// <summary>The first stage that exposes users, as position in the plan.</summary>
    public required int FirstExposing { get; init; }

    /// <summary>The last environment's first stage that exposes users.</summary>
    public int FirstExposingLast => Enumerable.Range(0, Plan.Stages.Count).First(stage => Plan.Stages[stage] is var one && one.Percentage > Percentage.Zero && one.Environment == Plan.Environments.Count - 1);

    /// <summary>When a rehearsal starts it: early enough for the notice of a day where it has a date, and never before what it rests on.</summary>
    public DateTimeOffset StartedAt
    {
        get
        {
            var at = Request.Release.StartAt is { } start ? start.ToUniversalTime() - Notice : UsualStart;
            foreach (var backup in Request.Preflight.Evidence.Backups)
            {
                if (backup.Url is null && backup.At is { } made && made.ToUniversalTime() + TimeSpan.FromMinutes(1) is var after && (after > at || Request.Release.StartAt is null)) at = after;
            }

            return at;
        }
    }

    /// <summary>Of a request; the problems with which no plan can be made otherwise.</summary>
    public static (RehearsalSubject? Subject, IReadOnlyList<RequestProblem> Problems) Of(ReleaseRequest request)
    {
        var planned = Planner.Plan(request, true, request.Telemetry?.Source ?? TelemetrySource.Embedded);
        if (planned.Plan is not { } plan) return (null, planned.Problems);
        var profile = ServiceProfile.Of(request, plan);
        var expecting = plan with { Evidence = plan.Evidence with { ExpectedRps = profile.Rps, ExpectedErrorRate = profile.ErrorRate } };
        var people = new RehearsalPeople(request, TimeProvider.System, ApproverTemper.Silent);
        return (new RehearsalSubject
        {
            Request = request,
            Plan = plan,
            Profile = profile,
            Power = ReleasePower.Of(expecting),
            ContentHash = RequestHash.Of(request),
            Approvals = ApprovalGates.Of(request, plan, people.Policy, [RehearsalPeople.Starter]),
            FirstExposing = Math.Max(0, plan.Stages.ToList().FindIndex(stage => stage.Percentage > Percentage.Zero)),
        }, []);
    }
}
