using System.Text.Json;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Security.Tests.Secrets;

/// <summary>A request with a secret in every address that may carry one: in the path of webhooks, in the query of everything else.</summary>
internal static class CanaryRequest
{
    /// <summary>What every address answers: it passes each check.</summary>
    public static string Answer { get; } = JsonSerializer.Serialize(new
    {
        high = 0,
        critical = 0,
        complete = true,
        at = "2026-11-03T03:00:00Z",
        verified = "restored into a copy",
        passed = 5,
        failed = 0,
        value = 1,
        digest = "sha256:aa11",
        signed = true,
        spdxVersion = "SPDX-2.3",
    });

    /// <summary>Each secret, by the place where it stands.</summary>
    public static IReadOnlyDictionary<string, string> Secrets { get; } = new[]
    {
        "chat", "chatquery", "incident", "status", "ticket", "deploy", "rollback", "smoke", "gate", "service", "api", "staging", "scan", "unit", "integration", "endtoend",
        "review", "benchmark", "backup", "infrastructure", "automation", "dashboard", "signature", "sbom",
    }.ToDictionary(name => name, name => $"zqcanary{name}7f3a");

    /// <summary>The request; the webhooks are at <paramref name="webhooks"/>.</summary>
    public static ReleaseRequest Make(Uri webhooks)
    {
        var request = Requests.ApprovedStart();
        return request with
        {
            System = new SystemSpec { CustomerFacing = true },
            Artifacts = request.Artifacts! with { Verification = Asked("signature"), Sbom = Asked("sbom").AbsoluteUri },
            Deploy = new DeploySpec { Hook = Asked("deploy") },
            Gates =
            [
                new HttpGateSpec { Name = "orders", Url = Asked("gate") },
                new HttpGateSpec { Name = "stock", Url = Asked("gate"), When = GateTiming.DuringBake },
            ],
            Rollback = new RollbackSpec { Configuration = ["search:index:mode"], Code = new CodeRollbackSpec(Asked("rollback"), "2.3.7") },
            Communications = request.Communications with
            {
                Webhooks = [new WebhookSpec("chat", new Uri($"{Posted("chat")}?code={Secrets["chatquery"]}"), WebhookShape.Slack)],
                IncidentWebhook = new ChannelSpec(Posted("incident"), WebhookShape.Teams),
                StatusWebhook = new ChannelSpec(Posted("status"), WebhookShape.Plain),
                TicketWebhook = Posted("ticket"),
            },
            Preflight = new PreflightSpec
            {
                StagingTests = Asked("staging"),
                SecurityScan = new SecurityScanSpec { Url = Asked("scan") },
                Smoke = [new SmokeSpec { Name = "search", Url = Asked("smoke") }],
                Dependencies = new DependencySpec
                {
                    Services = [new ServiceDependency { Name = "index", Health = Asked("service") }],
                    ExternalApis = [new ExternalApiDependency { Name = "maps", Health = Asked("api"), Fallback = true }],
                },
                Evidence = new EvidenceSpec
                {
                    Tests = new TestSuitesSpec(new SuiteSpec(Asked("unit"), null, null), new SuiteSpec(Asked("integration"), null, null), new SuiteSpec(Asked("endtoend"), null, null)),
                    SecurityReview = new SecurityReviewSpec("", null, null, Asked("review")),
                    Performance = [new BenchmarkSpec("p95", 200, null, "ms", Asked("benchmark"))],
                    Backups = [new BackupProofSpec("orders", "", null, "", Asked("backup"), TimeSpan.FromDays(1))],
                    Infrastructure = [new InfrastructureSpec("queue", Asked("infrastructure"), true)],
                    RollbackAutomation = Asked("automation"),
                    Dashboard = Asked("dashboard"),
                },
            },
        };

        static Uri Asked(string name) => new($"http://127.0.0.1/{name}?sig={Secrets[name]}");

        Uri Posted(string name) => new(webhooks, $"/services/T0/{Secrets[name]}");
    }
}
