using Slipway.Core.Approvals;
using Slipway.Core.Planning;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Policy;

public sealed class ServerPolicyTests
{
    [Theory]
    [InlineData("http://localhost:5000/x", true)]
    [InlineData("https://LOCALHOST/", true)]
    [InlineData("http://127.0.0.1:1/", true)]
    [InlineData("http://127.9.9.9/", true)]
    [InlineData("http://2130706433/", true)] // 127.0.0.1 as one number
    [InlineData("http://[::1]/", true)]
    [InlineData("http://localhost.example.com/", false)]
    [InlineData("http://127.0.0.1.example.com/", false)]
    [InlineData("http://10.0.0.1/", false)]
    [InlineData("http://169.254.169.254/metadata", false)]
    [InlineData("http://user@localhost/", false)]
    [InlineData("ftp://localhost/", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Without_a_policy_only_this_machine_may_be_called(string url, bool allowed) =>
        Assert.Equal(allowed, ServerPolicy.Default.AllowedUrls.Allows(new Uri(url)));

    [Theory]
    [InlineData("https://api.example.com", "https://api.example.com/any/path", true)]
    [InlineData("https://api.example.com", "https://api.example.com:8443/", false)]
    [InlineData("https://api.example.com", "http://api.example.com/", false)]
    [InlineData("https://api.example.com:*", "https://api.example.com:8443/", true)]
    [InlineData("https://api.example.com:8443/*", "https://api.example.com:8443/a", true)]
    [InlineData("https://*.example.com", "https://a.b.example.com/", true)]
    [InlineData("https://*.example.com", "https://example.com/", false)]
    [InlineData("https://*.example.com", "https://evilexample.com/", false)]
    [InlineData("https://*.example.com", "https://example.com.evil.org/", false)]
    [InlineData("https://api.example.com/hooks", "https://api.example.com/hooks", true)]
    [InlineData("https://api.example.com/hooks", "https://api.example.com/hooks/7?x=1", true)]
    [InlineData("https://api.example.com/hooks", "https://api.example.com/hooksmith", false)]
    [InlineData("https://api.example.com/hooks", "https://api.example.com/hooks/../admin", false)]
    [InlineData("https://api.example.com/hooks", "https://api.example.com/hooks/%2e%2e/admin", false)]
    [InlineData("https://api.example.com/hooks", "https://api.example.com/hooks/..%2fadmin", false)]
    [InlineData("https://api.example.com/hooks", "https://api.example.com/hooks/..%5Cadmin", false)]
    [InlineData("https://api.example.com/hooks", "https://api.example.com/hooks/%252e%252e/admin", false)]
    [InlineData("https://api.example.com/hooks", "https://api.example.com/hooks/..;/admin", false)]
    [InlineData("https://api.example.com/hooks", "https://api.example.com/hooks/..;x=1/admin", false)]
    [InlineData("https://api.example.com/hooks", "https://api.example.com/hooks\\..\\admin", false)]
    [InlineData("https://api.example.com/hooks", "https://api.example.com/hooks/a.b/7%20x", true)]
    [InlineData("https://api.example.com", "https://api.example.com/a%2fb", true)]
    [InlineData("https://api.example.com", "https://api.example.com@evil.org/", false)]
    public void A_pattern_allows_its_scheme_host_port_and_path(string pattern, string url, bool allowed) =>
        Assert.Equal(allowed, new UrlAllowList([UrlPattern.TryParse(pattern)!]).Allows(new Uri(url)));

    [Fact]
    public void An_unknown_policy_takes_only_what_holds_a_release_or_takes_it_back()
    {
        var unknown = new ServerPolicy { Unknown = "it cannot be read" };
        Assert.Equal(
            [ReleaseCommandKind.Pause, ReleaseCommandKind.RollBack, ReleaseCommandKind.Abort],
            Enum.GetValues<ReleaseCommandKind>().Where(unknown.Takes));
        Assert.All(Enum.GetValues<ReleaseCommandKind>(), command => Assert.True(ServerPolicy.Default.Takes(command)));
    }

    [Theory]
    [InlineData("https://hooks.example.com/", true)]
    [InlineData("http://10.0.0.1/", true)]
    [InlineData("https://user@hooks.example.com/", false)]
    [InlineData("file:///etc/passwd", false)]
    public void While_the_policy_is_unknown_the_urls_of_releases_under_way_may_be_called(string url, bool may)
    {
        Assert.Equal(may, new ServerPolicy { Unknown = "it cannot be read" }.MayCall(new Uri(url)));
        Assert.False(ServerPolicy.Default.MayCall(new Uri(url)));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("example.com")]
    [InlineData("https://*")]
    [InlineData("https://a*.example.com")]
    [InlineData("https://u:p@example.com")]
    [InlineData("ftp://example.com")]
    [InlineData("https://example.com/a*b")]
    [InlineData("https://example.com/?q")]
    public void A_pattern_of_another_form_is_refused(string pattern) => Assert.Null(UrlPattern.TryParse(pattern));

    [Fact]
    public void A_policy_is_read_with_all_its_parts()
    {
        var policy = Read("""
            {
              "approver_groups": { "team": ["dana@example.com", "lee@example.com"] },
              "allowed_urls": ["loopback", "https://*.example.com/hooks"],
              "minimum_guardrails": { "error_rate": "1%", "latency_p95": "400ms", "availability": "99%" },
              "operators": ["dana@example.com"],
              "approver_identity": "sign_in",
              "inline_approvers": true
            }
            """).Policy!;

        Assert.Equal(["dana@example.com", "lee@example.com"], policy.ApproverGroups["team"]);
        Assert.Equal(["loopback", "https://*.example.com/hooks"], policy.AllowedUrls.Patterns.Select(pattern => pattern.Text));
        Assert.Equal((1m, 400m, 99m), (policy.MinimumGuardrails.ErrorRate!.Value.Value, policy.MinimumGuardrails.LatencyP95, policy.MinimumGuardrails.Availability!.Value.Value));
        Assert.True(policy.InlineApprovers);
        Assert.Equal(ApproverIdentity.SignIn, policy.ApproverIdentity);
        Assert.True(policy.MayOperate("Dana@example.com"));
        Assert.False(policy.MayOperate("lee@example.com"));
    }

    [Fact]
    public void An_empty_policy_is_the_default_one()
    {
        var policy = Read("").Policy!;

        Assert.Equal(UrlAllowList.LoopbackOnly, policy.AllowedUrls);
        Assert.True(policy.MayOperate("anyone"));
        Assert.False(policy.InlineApprovers);
    }

    [Fact]
    public void An_empty_list_of_URLs_allows_none() => Assert.False(Read("{\"allowed_urls\": []}").Policy!.AllowedUrls.Allows(new Uri("http://localhost/")));

    [Theory]
    [InlineData("{\"alowed_urls\": []}", "alowed_urls", "an unknown field", "allowed_urls")]
    [InlineData("{\"allowed_urls\": [\"*\"]}", "allowed_urls[0]", "\"*\"", null)]
    [InlineData("{\"approver_groups\": {\"team\": [\"dana\"]}}", "approver_groups.team[0]", "\"dana\"", null)]
    [InlineData("{\"approver_groups\": {\"team\": \"dana@example.com\"}}", "approver_groups.team", "\"dana@example.com\"", null)]
    [InlineData("{\"minimum_guardrails\": {\"error_rate\": \"101%\"}}", "minimum_guardrails.error_rate", "\"101%\"", null)]
    [InlineData("[]", "", "a list", null)]
    public void A_wrong_policy_is_a_problem_with_its_place(string json, string path, string found, string? suggestion)
    {
        var reading = Read(json);

        Assert.Null(reading.Policy);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal((path, found, suggestion), (problem.Path, problem.Found, problem.Suggestion));
        Assert.Equal(1, problem.Line);
    }

    [Fact]
    public void Every_URL_that_would_be_called_is_checked()
    {
        var request = Given.Request("""
            {
              "preflight": {
                "staging_tests": { "url": "http://a.example/" }, "security_scan": { "url": "http://b.example/" },
                "smoke": [{ "name": "s", "url": "http://localhost/" }, { "name": "t", "url": "http://c.example/" }],
                "dependencies": {
                  "services": [{ "name": "s", "health": "http://d.example/" }], "external_apis": [{ "name": "x", "health": "http://e.example/" }]
                }
              },
              "rollback": { "code": { "hook": "http://f.example/", "previous_version": "1" } },
              "gates": [{ "name": "g", "url": "http://g.example/" }],
              "communications": { "webhooks": [{ "name": "w", "url": "http://h.example/secret?code=secret" }], "ticket_webhook": "http://i.example/secret" }
            }
            """);

        var problems = PolicyCheck.Check(request, Planner.Draft(request), ServerPolicy.Default);

        Assert.Equal(
            [
                "preflight.staging_tests.url", "preflight.security_scan.url", "preflight.smoke[1].url", "preflight.dependencies.services[0].health",
                "preflight.dependencies.external_apis[0].health", "rollback.code.hook", "gates[0].url", "communications.webhooks[0].url",
                "communications.ticket_webhook",
            ],
            problems.Select(problem => problem.Path));
        Assert.Equal("http://a.example/", problems[0].Found);
        Assert.Equal(["http://h.example/…", "http://i.example/…"], problems.TakeLast(2).Select(problem => problem.Found));
    }

    [Fact]
    public void Guardrails_must_be_at_least_as_strict_as_the_minimum()
    {
        var policy = Read("""{ "minimum_guardrails": { "error_rate": "0.4%", "latency_p95": "500ms", "availability": "99.9%" } }""").Policy!;
        var request = Given.SmallWith("guardrails", """{ "latency_p95": { "limit": "501ms" } }""");

        Assert.Equal(
            [
                ("guardrails.error_rate.limit", "0.5 %", "at most 0.4 %, as the server policy asks for"),
                ("guardrails.latency_p95.limit", "501 ms", "at most 500 ms, as the server policy asks for"),
                ("guardrails.availability.objective", "99.5 %", "at least 99.9 %, as the server policy asks for"),
            ],
            PolicyCheck.Check(request, Planner.Draft(request), policy).Select(problem => (problem.Path, problem.Found, problem.Expected)));
        Assert.Empty(PolicyCheck.Check(request, Planner.Draft(request), ServerPolicy.Default));
    }

    [Fact]
    public void Approver_groups_come_from_the_policy_and_not_from_the_request()
    {
        var policy = Read("""{ "approver_groups": { "release-managers": ["dana@example.com"] } }""").Policy!;
        var request = Given.Request("""
            {
              "stages": [{ "percentage": 100, "bake": "1h", "approval": "release-manager" }],
              "approvals": { "release-managers": { "quorum": 2, "approvers": ["eve@example.com"] } }
            }
            """);

        var problems = PolicyCheck.Check(request, Planner.Draft(request), policy);

        Assert.Equal(
            ["approvals.release-managers.approvers", "approvals.release-managers.quorum", "stages[0].approval"],
            problems.Select(problem => problem.Path));
        Assert.Equal("release-managers", problems[2].Suggestion);
        Assert.Equal("stages[0].approval", Assert.Single(PolicyCheck.Check(request, Planner.Draft(request), policy with { InlineApprovers = true })).Path);
    }

    private static PolicyReading Read(string json) => ServerPolicyReader.Read(JsonRequestDocument.Parse(json));
}
