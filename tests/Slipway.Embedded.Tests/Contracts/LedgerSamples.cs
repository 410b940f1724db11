using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>Ledger entries to write.</summary>
internal static class LedgerSamples
{
    public static DateTimeOffset At { get; } = new(2026, 12, 1, 10, 0, 0, 123, TimeSpan.FromHours(1));

    public static LedgerDraft Creation(ReleaseId release, string contentHash = "hash-a") => new("created", At, "dana", new ReleaseCreated
    {
        Request = new ReleaseRequest { Release = new ReleaseIdentity { Id = release, Title = "Search" } },
        Plan = Plan(release),
        ContentHash = contentHash,
        StartedBy = "dana",
        Workflow = "release.v1",
        BaseUrl = "http://localhost",
    });

    public static LedgerDraft Note(string entryId, int number) =>
        new(entryId, At.AddSeconds(number), "slipway", new CommandApplied($"{number}", "“é” <b>\u0001"));

    public static WatchPlan Watch(int seconds) => new()
    {
        Source = default,
        Service = "search",
        Interval = TimeSpan.FromSeconds(seconds),
        IngestionDelay = TimeSpan.Zero,
        Propagation = TimeSpan.Zero,
        BlindHold = TimeSpan.FromMinutes(10),
        BlindThen = default,
    };

    private static ReleasePlan Plan(ReleaseId release) => new()
    {
        ReleaseId = release,
        Risk = RiskLevel.Low,
        Strategy = RolloutStrategy.Canary,
        Stages = [new PlannedStage(0, Percentage.Full, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), null)],
        Flags = [new FlagSpec { Name = "search-v2" }],
        Regions = ["global"],
        Triggers = [],
        Watch = Watch(60),
        Levels = [],
    };
}
