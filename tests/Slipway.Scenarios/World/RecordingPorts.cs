using Slipway.Core.Planning;
using Slipway.Core.Policy;
using Slipway.Core.Requests;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.World;

/// <summary>Keeps every mail that it accepts.</summary>
internal sealed class RecordingMailer(TimeProvider time) : IMailer
{
    public List<(DateTimeOffset At, OutgoingMail Mail)> Sent { get; } = [];

    /// <summary>How a mail stands some minutes later, by its recipient; null: it goes out at once, and nobody has to ask.</summary>
    public Func<string, DateTimeOffset, MailDelivery>? Later { get; set; }

    public bool ConfirmsLater => Later is not null;

    public Task<MailDelivery> DeliveryAsync(Guid operationId, CancellationToken cancellation) => Task.FromResult(
        Sent.Find(sent => sent.Mail.OperationId == operationId).Mail is { } mail && Later is { } later ? later(mail.To, time.GetUtcNow()) : new MailDelivery(MailProgress.Unknown, ""));

    public Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        Sent.Add((time.GetUtcNow(), mail));
        return Task.FromResult($"accepted {mail.OperationId:D}");
    }
}

/// <summary>Keeps every webhook call.</summary>
internal sealed class RecordingWebhook : IWebhook
{
    public List<(Uri Url, string Key, string Json)> Posted { get; } = [];

    /// <summary>A real sender that everything is handed on to, whose failures count; null: everything is accepted.</summary>
    public IWebhook? Real { get; set; }

    public Task PostAsync(Uri url, string json, string idempotencyKey, CancellationToken cancellation)
    {
        Posted.Add((url, idempotencyKey, json));
        return Real?.PostAsync(url, json, idempotencyKey, cancellation) ?? Task.CompletedTask;
    }
}

/// <summary>Answers probes as the scenario says; by default 200 in 20 ms.</summary>
internal sealed class ScriptedProbe(TimeProvider time) : IProbe
{
    public Func<Uri, DateTimeOffset, ProbeResult> Answer { get; set; } = (_, _) => new ProbeResult(200, 20, "", "");

    public Task<ProbeResult> GetAsync(Uri url, TimeSpan timeout, CancellationToken cancellation) => Task.FromResult(Answer(url, time.GetUtcNow()));
}

/// <summary>Requests that scenarios start from.</summary>
internal static class Requests
{
    public const string Flag = "search-v2";

    public const string Ada = "ada@example.com";
    public const string Lee = "lee@example.com";
    public const string Dana = "dana@example.com";

    /// <summary>The server's groups; Dana asks for every release here and starts it.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["release-managers"] = [Ada, Lee, Dana],
    };

    /// <summary>With these the approvers sign in.</summary>
    public static IReadOnlyList<PolicyKey> ApproverKeys { get; } = [new PolicyKey(Ada, [PolicyRole.Approver], ""), new PolicyKey(Lee, [PolicyRole.Approver], "")];

    /// <summary>The same of high risk: every increase is approved, by people who sign in.</summary>
    public static ReleaseRequest HighRisk()
    {
        var approved = ApprovedStart();
        return approved with { Release = approved.Release with { DeclaredRisk = RiskLevel.High } };
    }

    /// <summary>Medium risk, whose waits are never shortened: release-managers approve the start; an hour to answer, a reminder every 20 minutes.</summary>
    public static ReleaseRequest ApprovedStart(int quorum = 1)
    {
        var canary = Canary();
        return canary with
        {
            Release = canary.Release with { DeclaredRisk = RiskLevel.Medium },
            Stages = [.. canary.Stages.Select(stage => stage with { Bake = StageDefaults.Floor(stage.Percentage) })],
            Approvals = new Dictionary<string, ApprovalSpec>
            {
                ["release-managers"] = new() { Quorum = quorum, Timeout = TimeSpan.FromHours(1), Remind = TimeSpan.FromMinutes(20) },
            },
        };
    }

    /// <summary>Low risk: release-managers approve the stage of 25 %.</summary>
    public static ReleaseRequest ApprovedStage(int quorum = 1)
    {
        var canary = Canary();
        return canary with
        {
            Approvals = ApprovedStart(quorum).Approvals,
            Stages = [.. canary.Stages.Select((stage, index) => index == 1 ? stage with { Approval = "release-managers" } : stage)],
        };
    }

    /// <summary>A low-risk canary over 5, 25, 50 and 100 % with ten-minute bakes, one smoke check, one person to tell.</summary>
    public static ReleaseRequest Canary(string id = "search-2.4.0") => new()
    {
        Release = new ReleaseIdentity
        {
            Id = Core.Releases.ReleaseId.Parse(id),
            Version = "2.4.0",
            Title = "Streaming search indexer",
            DeclaredRisk = RiskLevel.Low,
            RequestedBy = "dana@example.com",
            Ticket = "CHG-1482",
        },
        Artifacts = new ArtifactSpec { BuildId = "8841", Image = "registry/search:2.4.0", Hash = "sha256:aa11", Signed = true, Sbom = "sbom.spdx.json" },
        Environments = [new EnvironmentSpec { Name = EnvironmentName.Prod, Regions = ["westeurope"] }],
        Flags = [new FlagSpec { Name = Flag, KillSwitch = true }],
        Stages =
        [
            new StageSpec { Percentage = new(5), Bake = TimeSpan.FromMinutes(10) },
            new StageSpec { Percentage = new(25), Bake = TimeSpan.FromMinutes(10) },
            new StageSpec { Percentage = new(50), Bake = TimeSpan.FromMinutes(10) },
            new StageSpec { Percentage = new(100), Bake = TimeSpan.FromMinutes(10) },
        ],
        Guardrails = new GuardrailSpec { ErrorRate = new LimitSpec(1), LatencyP95 = new LimitSpec(250), Availability = new(99) },
        Telemetry = new TelemetrySpec { Service = "search" },
        Preflight = new PreflightSpec { Smoke = [new SmokeSpec { Name = "search", Url = new Uri("http://127.0.0.1/health") }] },
        Communications = new CommunicationSpec
        {
            Stakeholders = [new StakeholderSpec { Name = "Support", Email = "support@example.com" }],
            IncidentChannel = "#inc-search",
        },
        Operations = new OperationsSpec { TrafficRps = 100, ActiveUsers = 120_000 },
        Contacts = new ContactSpec { Primary = "oncall@example.com" },
    };

    /// <summary>The same with configuration keys for level 2 and a deploy hook for level 3.</summary>
    public static ReleaseRequest ThreeLevels(string id = "search-2.4.0") => Canary(id) with
    {
        Rollback = new RollbackSpec
        {
            Configuration = ["search:index:mode"],
            Code = new CodeRollbackSpec(new Uri("http://127.0.0.1/rollback"), "2.3.7"),
        },
    };
}
