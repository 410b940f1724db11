namespace Slipway.Core.Requests.Reading;

/// <summary>Reads from <c>preflight</c> what other systems found before the release.</summary>
internal static class EvidenceSections
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static EvidenceSpec Evidence(SectionReader preflight) => new()
    {
        Tests = preflight.Section("tests", Tests),
        SecurityReview = preflight.Section("security_review", Review),
        Performance = preflight.Sections("performance", Benchmark, benchmark => benchmark.Name),
        Backups = preflight.Sections("backups", Backup, backup => backup.What, "what"),
        Headroom = preflight.Maybe("headroom", Scalars.Share),
        Infrastructure = preflight.Sections("infrastructure", Part, part => part.Name),
        RollbackAutomation = preflight.MaybeText("rollback_automation", Scalars.Url),
        Dashboard = preflight.MaybeText("dashboard", Scalars.Url),
    };

    /// <summary>All three are asked for: a suite that is not there has to be said to be none.</summary>
    private static TestSuitesSpec Tests(SectionReader section)
    {
        foreach (var suite in new[] { "unit", "integration", "e2e" })
        {
            if (!section.Has(suite)) section.Missing(suite, "its result (url, or passed and failed), or none");
        }

        return new TestSuitesSpec(section.Section("unit", Suite), section.Section("integration", Suite), section.Section("e2e", Suite));
    }

    private static SuiteSpec Suite(SectionReader section)
    {
        var suite = new SuiteSpec(section.MaybeText("url", Scalars.Url), section.Maybe("passed", Scalars.Whole(0)), section.Maybe("failed", Scalars.Whole(0)));
        if (suite is { Url: null, Failed: null } or { Url: null, Passed: null })
            section.Missing(suite.Passed is null ? "passed" : "failed", "the numbers of both, or a url where they are read");
        return suite;
    }

    private static SecurityReviewSpec Review(SectionReader section)
    {
        var review = new SecurityReviewSpec(
            section.Get("by", Scalars.Line, ""), section.Maybe("complete", Scalars.Bool), (int?)section.Maybe("critical", Scalars.Whole(0, 100_000)), section.MaybeText("url", Scalars.Url));
        if (review.Url is null && review.Critical is null) section.Missing("critical", "the number of critical findings, or a url where it is read");
        return review;
    }

    private static BenchmarkSpec Benchmark(SectionReader section)
    {
        var benchmark = new BenchmarkSpec(
            section.Need("name", Scalars.Name, ""), section.Need("budget", Scalars.Number(0), 0), section.Maybe("value", Scalars.Number(0)),
            section.Get("unit", Scalars.Line, ""), section.MaybeText("url", Scalars.Url));
        if (benchmark.Url is null && benchmark.Value is null) section.Missing("value", "what was measured, or a url where it is read");
        return benchmark;
    }

    private static BackupProofSpec Backup(SectionReader section)
    {
        var backup = new BackupProofSpec(
            section.Need("what", Scalars.Name, ""), section.Get("where", Scalars.Line, ""), section.Maybe("at", Scalars.Moment), section.Get("verified", Scalars.Line, ""),
            section.MaybeText("url", Scalars.Url), section.Get("max_age", Scalars.Duration(TimeSpan.FromMinutes(1)), Day));
        if (backup.Url is null && backup.At is null) section.Missing("at", "when it was made, or a url where it is read");
        return backup;
    }

    private static InfrastructureSpec Part(SectionReader section) => new(
        section.Need("name", Scalars.Name, ""), section.Need("url", Scalars.Url, SafetySections.NoUrl), section.Get("critical", Scalars.Bool, true));
}
