using System.Text.Json.Nodes;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Requests;

/// <summary>A request that answers every question, and what becomes of it when an answer is taken away or replaced.</summary>
internal static class CompleteRequest
{
    /// <summary>As JSON.</summary>
    public const string Json = """
        {
          "release": {
            "id": "search-index-v2",
            "version": "2.4.0",
            "from_version": "2.3.7",
            "title": "Streaming search indexer",
            "problem": "Nightly indexing leaves results up to a day old.\nStreaming brings them within a minute.\n",
            "change_type": "code",
            "declared_risk": "low", "blast_radius": "limited", "rollback_complexity": "complex", "known_risks": ["a full re-index takes six hours"],
            "accelerate": false,
            "start_at": "2026-12-01T09:00:00Z",
            "requested_by": "dana@example.com",
            "ticket": "CHG-1482",
            "regulations": ["SOC-2"]
          },
          "artifacts": {
            "build_id": "8841",
            "image": "registry.example.com/search:2.4.0",
            "hash": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "signed": true,
            "sbom": "sbom.spdx.json",
            "commit": "4f1c2d9"
          },
          "changes": {
            "features": ["streaming indexer"],
            "fixes": ["stale results after midnight"],
            "breaking_changes": ["the nightly export is gone"],
            "deprecations": ["GET /v1/index"], "complexity": 6,
            "files": [{"path": "src/index/stream.cs", "action": "new", "area": "data_write"}, {"path": "src/index/nightly.cs", "action": "deleted"}],
            "commits": ["feat(index): streaming indexer", "fix: stale results after midnight"]
          },
          "environments": [{"name": "prod", "regions": ["westeurope", "northeurope"], "infrastructure": "container_apps", "cloud": "AKS on Azure", "runtime": ".NET 10", "data_stores": ["Azure SQL catalog"], "target": {"name": "search", "namespace": "search", "parent": "aks-search-we", "resource_group": "rg-search"}, "flags": "shared", "service": "search"}],
          "strategy": "canary",
          "tolerance": { "canary": "5%", "for": "4h", "basis": "users" },
          "flags": [{"name": "search-v2", "type": "release", "kill_switch": true, "lever": "targeting", "targeting": {"segments": ["beta"], "overrides": ["dana@example.com"]}}],
          "deploy": {"hook": "https://deploy.example.com/search", "within": "15m"},
          "stages": [{"percentage": 5, "bake": "2h"}, {"percentage": 25, "bake": "2h", "max_bake": "3h", "approval": "release-managers"}, {"percentage": 100, "bake": "24h"}],
          "guardrails": {
            "error_rate": {"limit": "1%", "tolerated_ratio": 1.25, "target": "0.5%"},
            "latency_p95": {"limit": "250ms", "tolerated_ratio": 1.2},
            "availability": {"objective": "99.9%"},
            "kpis": [{"name": "searches_with_click", "direction": "higher_is_better", "tolerated_drop": "2%"}],
            "triggers": [{"metric": "error_rate", "above": "0.5%", "window": "5m", "for": "10m", "action": "auto_rollback"}, {"metric": "latency_p95", "above": "200ms", "action": "alert"}],
            "measurements": [{"name": "heap_mb", "kind": "memory", "limit": 900}],
            "false_rollback_budget": "1%",
            "when_undecided": "ask",
            "when_blind": {"hold": "10m", "then": "rollback"}
          },
          "telemetry": {
            "source": "log_analytics",
            "workspace": "3f0c2a8e-0000-4000-8000-000000000000",
            "service": "search",
            "queries": {"error_rate": "AppRequests | where Success == false"},
            "interval": "60s",
            "ingestion_delay": "3m",
            "propagation": "60s",
            "dashboards": [{"name": "search health", "url": "https://grafana.example.com/d/search", "metrics": ["error_rate", "latency_p95", "success_rate", "searches_with_click"]}]
          },
          "preflight": {
            "staging_tests": {"url": "https://ci.example.com/builds/8841/tests"},
            "security_scan": {"max_high": 0, "high": 0, "critical": 0, "url": "https://ci.example.com/builds/8841/scan.json"},
            "tests": {"unit": {"passed": 4120, "failed": 0}, "integration": {"url": "https://ci.example.com/builds/8841/integration.json"}, "e2e": {"url": "https://ci.example.com/builds/8841/e2e.json"}},
            "security_review": {"by": "security@example.com", "complete": true, "critical": 0},
            "backups": [{"what": "catalog", "at": "2026-12-01T03:00:00Z", "verified": "restored into a copy"}],
            "smoke": [{"name": "search", "url": "https://search.example.com/health", "expect_status": 200, "within": "300ms", "critical_path": true}],
            "dependencies": {"services": [{"name": "catalog", "version": "5.1.0", "health": "https://catalog.example.com/health", "critical": true, "contract_tested": true}], "databases": [{"name": "catalog", "migration": {"up": "20261101_add_stream", "down": "20261101_drop_stream", "down_safe_after_writes": true}}], "external_apis": [{"name": "geocoder", "health": "https://geo.example.net/status", "fallback": true}]}
          },
          "rollback": {
            "configuration": ["search:index:mode"],
            "code": {"hook": "https://deploy.example.com/search/rollback", "previous_version": "2.3.7"},
            "rehearsal": {"at": "2026-11-20T14:00:00Z", "evidence": "https://ci.example.com/runs/901"},
            "caches": [{"name": "results", "kind": "redis", "target": "search:results:*"}]
          },
          "gates": [{"name": "partner-sandbox", "url": "https://partner.example.net/ready", "when": "before_stage", "stage": 25}],
          "approvals": {"release-managers": {"quorum": 1, "timeout": "4h", "remind": "1h", "identity": "sign_in", "approvers": ["dana@example.com"]}},
          "communications": {
            "stakeholders": [{"name": "Support", "email": "support@example.com", "checkpoints": ["start", "rollback", "done"]}],
            "webhooks": [{"name": "releases", "url": "https://hooks.example.com/releases", "shape": "slack"}],
            "incident_channel": "#inc-search",
            "incident_document": "https://wiki.example.com/incidents/search",
            "status_page": "https://status.example.com"
          },
          "operations": {
            "traffic_rps": 900,
            "base_error_rate": "0.04%",
            "active_users": 120000,
            "capacity_rps": 2000,
            "peak_hours": ["17:00-21:00"],
            "windows": ["Tue-Thu 10:00-14:00 Europe/Berlin"],
            "freezes": [], "holidays": ["2026-12-25 Christmas Day"]
          },
          "contacts": {
            "primary": "dana@example.com",
            "secondary": "lee@example.com",
            "escalation": ["on-call@example.com", "cto@example.com"],
            "database": "dba@example.com",
            "network": "network@example.com",
            "security": "security@example.com",
            "infrastructure": "platform@example.com"
          },
          "system": {
            "services": ["search", "indexer"],
            "integrations": ["catalog", "geocoder"],
            "critical_flows": ["search"],
            "customer_facing": true,
            "flag_framework": "Azure App Configuration",
            "expected_downtime": "0s",
            "allowed_downtime": "0s"
          },
          "delivery": {
            "pipeline": "GitHub Actions",
            "caching": "NuGet packages and container layers",
            "scanner": "Trivy",
            "branch": "main",
            "commands": {"build": "dotnet build -c Release", "test": "dotnet test", "deploy": "azd deploy search", "migrate_down": "dotnet ef database update 20261015_previous"},
            "infrastructure_code": {"tool": "Bicep 0.36", "path": "infra/", "modules": ["network", "search", "monitoring"], "state": "Azure Resource Manager", "lock": "deployment stacks"},
            "secrets": "Azure Key Vault kv-search",
            "backups": {"where": "geo-redundant storage", "automatic": "7d", "weekly": "28d", "point_in_time": "5m", "restore": "az sql db restore -g rg-search -s sql-search -n catalog --dest-name catalog-restored --time 2026-12-01T08:55:00Z"},
            "disaster_recovery": {"region": "swedencentral", "runbook": "https://wiki.example.com/search/dr"},
            "logs": {"tool": "Log Analytics", "retention": "30d"},
            "metrics": {"tool": "Azure Monitor", "retention": "93d"},
            "traces": {"tool": "Application Insights", "retention": "7d"},
            "budget_alerts": "80 % and 100 % of 4000 EUR a month",
            "edge_protection": "Azure Front Door with its web application firewall",
            "cold_start": "none, nothing scales to zero",
            "cost": "about 120 EUR a month for the stream",
            "evidence_retention": "365d"
          },
          "sources": {
            "rules": ["no release on Friday"],
            "specification": "docs/search/specification.md",
            "implementation_plan": "docs/search/plan.md",
            "code": "https://github.com/example/search"
          }
        }
        """;

    public static ReleaseRequest Read() => Given.Request(Json);

    /// <summary>Without the value at a path such as <c>environments[0].regions</c>.</summary>
    public static ReleaseRequest Without(string path) => With(path, null);

    /// <summary>With another value at a path; null removes it.</summary>
    public static ReleaseRequest With(string path, string? json)
    {
        var root = JsonNode.Parse(Json)!;
        var node = root;
        var parts = path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        foreach (var part in parts[..^1])
            node = Child(node, part);
        if (json is null)
            node.AsObject().Remove(parts[^1]);
        else
            node.AsObject()[parts[^1]] = JsonNode.Parse(json);
        return Given.Request(root.ToJsonString());
    }

    private static JsonNode Child(JsonNode node, string part) =>
        part.StartsWith('[') ? node[int.Parse(part.Trim('[', ']'), System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!;
}
