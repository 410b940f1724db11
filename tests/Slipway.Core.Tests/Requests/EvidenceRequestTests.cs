using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Requests;

/// <summary>How results of other systems are read from a request, and what is said of those that say nothing.</summary>
public class EvidenceRequestTests
{
    [Fact]
    public void Results_are_read_as_stated()
    {
        var request = Given.SmallWith("preflight", """
            { "smoke": [{ "name": "home", "url": "http://127.0.0.1/health" }],
              "tests": { "unit": { "passed": 4120, "failed": 0 }, "integration": { "url": "http://127.0.0.1/i" }, "e2e": "none" },
              "performance": [{ "name": "p95", "budget": 200, "value": 151.5, "unit": "ms" }],
              "backups": [{ "what": "catalog", "where": "blob", "at": "2026-12-01T03:00:00Z", "verified": "restored", "max_age": "12h" }],
              "headroom": "20%", "rollback_automation": "http://127.0.0.1/ready" }
            """);
        var evidence = request.Preflight.Evidence;

        Assert.Equal(new TestSuitesSpec(new SuiteSpec(null, 4120, 0), new SuiteSpec(new Uri("http://127.0.0.1/i"), null, null), null), evidence.Tests);
        Assert.Equal(new BenchmarkSpec("p95", 200, 151.5m, "ms", null), Assert.Single(evidence.Performance));
        Assert.Equal(TimeSpan.FromHours(12), Assert.Single(evidence.Backups).MaxAge);
        Assert.Equal(20, evidence.Headroom!.Value.Value);
    }

    [Theory]
    [InlineData("""{ "tests": { "unit": { "passed": 1, "failed": 0 }, "e2e": "none" } }""", "preflight.tests.integration", "its result (url, or passed and failed), or none")]
    [InlineData("""{ "tests": { "unit": { "passed": 1 }, "integration": "none", "e2e": "none" } }""", "preflight.tests.unit.failed", "the numbers of both")]
    [InlineData("""{ "security_review": { "by": "sam" } }""", "preflight.security_review.critical", "the number of critical findings")]
    [InlineData("""{ "performance": [{ "name": "p95", "budget": 200 }] }""", "preflight.performance[0].value", "what was measured")]
    [InlineData("""{ "backups": [{ "what": "catalog" }] }""", "preflight.backups[0].at", "when it was made")]
    public void A_result_that_says_nothing_is_a_problem_at_its_place(string preflight, string path, string expected)
    {
        var problem = Assert.Single(ReleaseRequestReader.Read(JsonRequestDocument.Parse($$"""{ "release": { "title": "T", "version": "1.0" }, "preflight": {{preflight}} }""")).Problems);

        Assert.Equal(path, problem.Path);
        Assert.Contains(expected, problem.Expected, StringComparison.Ordinal);
    }
}
