using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Rehearsal.World;

namespace Slipway.Rehearsal.Tests.World;

/// <summary>Requests that rehearsals start from.</summary>
internal static class Subjects
{
    /// <summary>A low-risk canary over 10, 50 and 100 % with short bakes at 200 requests a second.</summary>
    public static ReleaseRequest Canary() => new()
    {
        Release = new ReleaseIdentity
        {
            Id = ReleaseId.Parse("search-2.4.0"),
            Version = "2.4.0",
            Title = "Streaming search indexer",
            DeclaredRisk = RiskLevel.Low,
            RequestedBy = "dana@example.com",
        },
        Environments = [new EnvironmentSpec { Name = EnvironmentName.Prod, Regions = ["westeurope"] }],
        Flags = [new FlagSpec { Name = "search-v2", KillSwitch = true }],
        Stages = [Stage(10), Stage(50), Stage(100)],
        Guardrails = new GuardrailSpec { ErrorRate = new LimitSpec(1), LatencyP95 = new LimitSpec(400), Availability = new(99) },
        Telemetry = new TelemetrySpec { Service = "search" },
        Communications = new CommunicationSpec { Stakeholders = [new StakeholderSpec { Name = "Support", Email = "support@example.com" }] },
        Operations = new OperationsSpec { TrafficRps = 200, BaseErrorRate = new Percentage(0.2m) },
        Contacts = new ContactSpec { Primary = "oncall@example.com" },
    };

    /// <summary>The same with configuration keys for level 2 and a deploy hook for level 3.</summary>
    public static ReleaseRequest ThreeLevels() => Canary() with
    {
        Rollback = new RollbackSpec { Configuration = ["search:index:mode"], Code = new CodeRollbackSpec(new Uri("http://127.0.0.1/rollback"), "2.3.7") },
    };

    /// <summary>Low risk; release-managers approve the stage of 50 %.</summary>
    public static ReleaseRequest ApprovedStage() => Canary() with
    {
        Stages = [Stage(10), Stage(50) with { Approval = "release-managers" }, Stage(100)],
        Approvals = new Dictionary<string, ApprovalSpec> { ["release-managers"] = new() { Timeout = TimeSpan.FromHours(1), Remind = TimeSpan.FromMinutes(20) } },
    };

    public static RehearsalSubject Of(ReleaseRequest request)
    {
        var (subject, problems) = RehearsalSubject.Of(request);
        return subject ?? throw new InvalidOperationException(string.Join("; ", problems));
    }

    private static StageSpec Stage(decimal percentage) => new() { Percentage = new Percentage(percentage), Bake = TimeSpan.FromMinutes(30) };
}
