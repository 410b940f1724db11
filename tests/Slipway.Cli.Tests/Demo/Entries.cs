using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Cli.Tests.Demo;

/// <summary>A ledger as the demo reads it, written entry by entry.</summary>
internal sealed class Entries
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private long _sequence;

    public LedgerEntry At(double seconds, LedgerBody body) => new(
        ++_sequence, $"e{_sequence}", Noon.AddSeconds(seconds), "slipway", LedgerBodies.NameOf(body), LedgerBodies.Write(body), "", "");

    public static ReleaseCreated Created { get; } = new()
    {
        Request = new ReleaseRequest { Release = new ReleaseIdentity { Id = ReleaseId.Parse("demo-good"), Title = "Search from an index" } },
        Plan = new ReleasePlan
        {
            ReleaseId = ReleaseId.Parse("demo-good"),
            Risk = RiskLevel.Low,
            Strategy = RolloutStrategy.Canary,
            Stages = [Stage(0, 5), Stage(1, 100)],
            Flags = [new FlagSpec { Name = "search-v2" }],
            Regions = ["global"],
            Triggers = [],
            Watch = new WatchPlan
            {
                Source = TelemetrySource.Embedded,
                Service = "search-v2",
                Interval = TimeSpan.FromSeconds(1),
                IngestionDelay = TimeSpan.FromSeconds(1),
                Propagation = TimeSpan.FromSeconds(2),
                BlindHold = TimeSpan.FromSeconds(15),
                BlindThen = BlindAction.Rollback,
            },
            Levels = [],
        },
        ContentHash = "00",
        StartedBy = "operator",
        Workflow = "release.v1",
        BaseUrl = "http://127.0.0.1:5180",
    };

    public static IntervalJudged Judged(double seconds, long requests, long errors) => new(
        0,
        Noon.AddSeconds(seconds),
        [
            new Observation(
                Noon.AddSeconds(seconds - 1),
                TimeSpan.FromSeconds(1),
                "global",
                new ArmSample { Requests = requests, Errors = errors, Latency = LatencyHistogram.Of(Enumerable.Repeat(8.0, (int)requests)) },
                new ArmSample { Requests = 100, Errors = 0, Latency = LatencyHistogram.Of(Enumerable.Repeat(8.0, 100)) }),
        ],
        new Assessment { Verdict = Verdict.Pass, Sentence = "fine" });

    public static EffectFinished Flag(bool enabled, decimal exposure) => new(
        "e", EffectKind.Flag, "search-v2", EffectOutcome.Done, "",
        new FlagState("search-v2", "{}", "1", enabled, new Percentage(exposure), [], [], []));

    private static PlannedStage Stage(int index, decimal percentage) =>
        new(index, new Percentage(percentage), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8), null);
}
