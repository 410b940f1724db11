using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Benchmarks.Speed.Hosts;

/// <summary>The releases that are measured. Each has a flag and a service of its own, both named like it.</summary>
internal static class ReleaseShapes
{
    /// <summary>Who approves.</summary>
    public const string Approvers = "release-managers";

    /// <summary>Shows half of the users the new version and watches it for an hour; what its telemetry says of an interval is judged some time after its end.</summary>
    public static ReleaseRequest Watched(string id, TimeSpan interval, TimeSpan delay) => Canary(id) with
    {
        Stages =
        [
            new StageSpec { Percentage = new(50), Bake = TimeSpan.FromHours(1) },
            new StageSpec { Percentage = new(100), Bake = TimeSpan.FromHours(1) },
        ],
        Telemetry = new TelemetrySpec { Service = id, Interval = interval, IngestionDelay = delay, Propagation = TimeSpan.FromSeconds(1) },
    };

    /// <summary>Waits for people: two approvers have been asked whether it may begin.</summary>
    public static ReleaseRequest Waiting(string id)
    {
        var canary = Canary(id);
        return canary with
        {
            Release = canary.Release with { DeclaredRisk = RiskLevel.Medium },
            Stages = [.. new Percentage[] { new(5), new(25), new(50), new(100) }.Select(share => new StageSpec { Percentage = share, Bake = StageDefaults.Floor(share) })],
            Approvals = new Dictionary<string, ApprovalSpec> { [Approvers] = new() { Timeout = TimeSpan.FromDays(3), Remind = TimeSpan.FromDays(1) } },
            Telemetry = new TelemetrySpec { Service = id },
        };
    }

    private static ReleaseRequest Canary(string id) => new()
    {
        Release = new ReleaseIdentity
        {
            Id = ReleaseId.Parse(id),
            Version = "2.4.0",
            Title = "Streaming search indexer",
            DeclaredRisk = RiskLevel.Low,
            RequestedBy = "dana@example.com",
            Ticket = "CHG-1482",
        },
        Artifacts = new ArtifactSpec { BuildId = "8841", Image = "registry/search:2.4.0", Hash = "sha256:aa11", Signed = true, Sbom = "sbom.spdx.json" },
        Environments = [new EnvironmentSpec { Name = EnvironmentName.Prod, Regions = ["global"] }],
        Flags = [new FlagSpec { Name = id, KillSwitch = true }],
        Guardrails = new GuardrailSpec { ErrorRate = new LimitSpec(5), LatencyP95 = new LimitSpec(250), Availability = new(95) },
        Communications = new CommunicationSpec
        {
            Stakeholders = [new StakeholderSpec { Name = "Support", Email = "support@example.com" }],
            IncidentChannel = "#inc-search",
        },
        Operations = new OperationsSpec { TrafficRps = 100, ActiveUsers = 120_000 },
        Contacts = new ContactSpec { Primary = "oncall@example.com" },
    };
}
