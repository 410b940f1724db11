using Slipway.Core.Releases;

namespace Slipway.Core.Requests;

/// <summary>What other systems found before the release: each either stated, or read from an address before anybody is exposed. Null: not stated.</summary>
public sealed record EvidenceSpec
{
    /// <summary>The three suites; null: not stated.</summary>
    public TestSuitesSpec? Tests { get; init; }

    /// <summary>The security review; null: not stated.</summary>
    public SecurityReviewSpec? SecurityReview { get; init; }

    /// <summary>Benchmarks with their budgets.</summary>
    public IReadOnlyList<BenchmarkSpec> Performance { get; init; } = [];

    /// <summary>Backups that were made and tried.</summary>
    public IReadOnlyList<BackupProofSpec> Backups { get; init; } = [];

    /// <summary>The share of the capacity that has to be free at full traffic; null: any.</summary>
    public Percentage? Headroom { get; init; }

    /// <summary>Parts of the infrastructure and where each tells its health (2xx: healthy).</summary>
    public IReadOnlyList<InfrastructureSpec> Infrastructure { get; init; } = [];

    /// <summary>Where the automation of the way back tells whether it would work (2xx: it would); null: not stated.</summary>
    public Uri? RollbackAutomation { get; init; }

    /// <summary>The dashboard that has to be there before the start; null: none is asked for.</summary>
    public Uri? Dashboard { get; init; }
}

/// <summary>The three suites. Null: there is no such suite, which was said.</summary>
/// <param name="Unit">Unit tests.</param>
/// <param name="Integration">Integration tests.</param>
/// <param name="EndToEnd">Tests of whole flows.</param>
public sealed record TestSuitesSpec(SuiteSpec? Unit, SuiteSpec? Integration, SuiteSpec? EndToEnd);

/// <summary>One suite's result.</summary>
/// <param name="Url">Where it is read as JSON with <c>passed</c> and <c>failed</c>; null: as stated.</param>
/// <param name="Passed">How many passed; null: not stated.</param>
/// <param name="Failed">How many failed; null: not stated.</param>
public sealed record SuiteSpec(Uri? Url, long? Passed, long? Failed);

/// <summary>A security review.</summary>
/// <param name="By">Who reviewed; may be empty.</param>
/// <param name="Complete">Whether it is complete; null: not stated.</param>
/// <param name="Critical">Critical findings; null: not stated.</param>
/// <param name="Url">Where both are read as JSON with <c>complete</c> and <c>critical</c>; null: as stated.</param>
public sealed record SecurityReviewSpec(string By, bool? Complete, int? Critical, Uri? Url);

/// <summary>A benchmark and its budget.</summary>
/// <param name="Name">Its name, unique in the request.</param>
/// <param name="Budget">The largest value that passes, inclusive.</param>
/// <param name="Value">What was measured; null: read from <paramref name="Url"/>.</param>
/// <param name="Unit">Of both, for people; may be empty.</param>
/// <param name="Url">Where it is read as JSON with <c>value</c>; null: as stated.</param>
public sealed record BenchmarkSpec(string Name, decimal Budget, decimal? Value, string Unit, Uri? Url);

/// <summary>A backup that was made and tried before the release.</summary>
/// <param name="What">What is backed up.</param>
/// <param name="Where">Where it is kept; may be empty.</param>
/// <param name="At">When it was made; null: read from <paramref name="Url"/>.</param>
/// <param name="Verified">How it was tried, for example by restoring it into a copy; empty: it was not, or it is read from <paramref name="Url"/>.</param>
/// <param name="Url">Where it is read as JSON with <c>at</c> and <c>verified</c>; null: as stated.</param>
/// <param name="MaxAge">How old it may be at the start.</param>
public sealed record BackupProofSpec(string What, string Where, DateTimeOffset? At, string Verified, Uri? Url, TimeSpan MaxAge);

/// <summary>A part of the infrastructure.</summary>
/// <param name="Name">Its name, unique in the request.</param>
/// <param name="Url">Its health endpoint.</param>
/// <param name="Critical">Whether the release must not start without it.</param>
public sealed record InfrastructureSpec(string Name, Uri Url, bool Critical);
