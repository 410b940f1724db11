using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Analysis.Limits;
using Slipway.Core.Analysis.Sequential;
using Slipway.Core.Decisions;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Analysis.Judging;

/// <summary>
/// Brings closed intervals to the sequential tests of the guardrails, in each region and in the pool, and says which of them suffice for a
/// rollback. Pure: memories are replaced, never changed.
/// </summary>
internal sealed class GuardrailWatch
{
    /// <summary>The name of the pool of all regions.</summary>
    public const string Pool = "all";

    /// <summary>Evidence that leans against the release: a single crossing counts with it, and no policy promotes.</summary>
    public static readonly double Leaning = Math.Log(10);

    private readonly ReleasePlan _plan;
    private readonly Calibration _calibration;
    private readonly RatioTest _ratio;
    private readonly Dictionary<string, LimitTest> _limits;

    /// <summary>Watches by a plan, and by what was learnt before the release.</summary>
    public GuardrailWatch(ReleasePlan plan, Calibration? calibration)
    {
        _plan = plan;
        Calibration = calibration;
        _calibration = calibration ?? new Calibration();
        var evidence = plan.Evidence;
        Guardrails = Guardrail.Of(evidence);
        _ratio = new RatioTest(evidence.Alpha, Math.Max(1, evidence.PlannedIntervals / _calibration.BlockIntervals));
        _limits = Guardrails.ToDictionary(guardrail => guardrail.Metric, guardrail => new LimitTest(guardrail.Limit, evidence.Alpha, evidence.LimitIntervals));
    }

    /// <summary>What was learnt before the release; null: nothing.</summary>
    public Calibration? Calibration { get; }

    /// <summary>The guardrails.</summary>
    public IReadOnlyList<Guardrail> Guardrails { get; }

    /// <summary>The key of a memory.</summary>
    public static string Key(string metric, string region) => $"{metric}|{region}";

    /// <summary>Whether the canary can be compared with the control arm in this stage: at 100 % who is left on the old version is not like the
    /// others, nor is at 0 % who sees it by name, and where regions change one after the other they are not like each other.</summary>
    public bool Compares(StageUnderJudgement stage) =>
        stage.Percentage < Percentage.Full && _plan.Strategy != RolloutStrategy.Rolling && StageSight.Of(_plan, stage).Kind != StageKind.Dark;

    /// <summary>The memories with one interval more.</summary>
    /// <param name="before">The memories, whose tests may be changed in place: fresh copies.</param>
    /// <param name="stage">The stage under judgement.</param>
    /// <param name="sight">What the stage's evidence is made of.</param>
    /// <param name="interval">One interval of all regions.</param>
    public IReadOnlyDictionary<string, GuardrailMemory> Take(
        IReadOnlyDictionary<string, GuardrailMemory> before, StageUnderJudgement stage, StageSight sight, IReadOnlyList<Observation> interval)
    {
        var after = new SortedDictionary<string, GuardrailMemory>(before.ToDictionary(), StringComparer.Ordinal);
        foreach (var (region, row) in Scopes(interval))
        {
            foreach (var guardrail in Guardrails)
            {
                var key = Key(guardrail.Metric, region);
                after[key] = Take(guardrail, after.GetValueOrDefault(key) ?? new GuardrailMemory(), stage, sight, region, row);
            }
        }

        return after;
    }

    /// <summary>The log evidence of a guardrail in a region, of the test that counts in this stage; 0 where nothing is known.</summary>
    public double LogEvidence(IReadOnlyDictionary<string, GuardrailMemory> memories, StageUnderJudgement stage, string metric, string region)
    {
        if (!memories.TryGetValue(Key(metric, region), out var memory)) return 0;
        return Compares(stage) ? _ratio.LogEvidence(memory.Ratio) : memory.Limit is { } limit ? _limits[metric].LogEvidence(limit) : 0;
    }

    /// <summary>The evidence that rolls back, as a logarithm.</summary>
    public double LogThreshold => _ratio.LogThreshold;

    /// <summary>The tests whose evidence suffices for a rollback now. Where the decision matrix has people evaluate a limit instead (latency at
    /// 100 %, everything after a day there), its trigger asks them.</summary>
    public IEnumerable<Finding> Findings(IReadOnlyDictionary<string, GuardrailMemory> memories, StageUnderJudgement stage, DateTimeOffset until)
    {
        var canonical = DecisionMatrix.StageOf(stage, until);
        foreach (var guardrail in Guardrails)
        {
            foreach (var (key, memory) in memories.Where(entry => entry.Key.StartsWith(guardrail.Metric + "|", StringComparison.Ordinal) && entry.Value.CrossedAt is not null))
            {
                var region = key[(guardrail.Metric.Length + 1)..];
                if (memory.AgainstSince is null) continue;
                var log = LogEvidence(memories, stage, guardrail.Metric, region);
                if (Compares(stage))
                {
                    if (log < LogThreshold) continue;
                    yield return Finding(guardrail, memory, region, EvidenceText.RatioRule(guardrail), guardrail.ToleratedRatio, EvidenceText.RatioFailure(guardrail, memory, region, log, LogThreshold));
                }
                else if (log >= LogThreshold && RollsBack(guardrail, canonical, until - memory.CrossedAt!.Value))
                {
                    yield return Finding(guardrail, memory, region, EvidenceText.LimitRule(guardrail), 100 * guardrail.Limit, EvidenceText.LimitFailure(guardrail, memory, region, log, LogThreshold));
                }
            }
        }
    }

    /// <summary>What the stage proves against the control arm, in the pool of all regions.</summary>
    public IEnumerable<StageProof> Proofs(IReadOnlyDictionary<string, GuardrailMemory> memories, StageUnderJudgement stage, PlannedStage planned) =>
        Guardrails.Select(guardrail => StageProof.Of(
            _plan, planned, guardrail, memories.GetValueOrDefault(Key(guardrail.Metric, Pool)) ?? new GuardrailMemory(),
            _calibration.OffsetOf(guardrail.Metric, Pool, stage.Percentage.Value), _calibration.BlockIntervals));

    /// <summary>Without a control arm a stage passes as long as the evidence does not lean towards a breach of a limit that rolls back.</summary>
    public IEnumerable<StageProof> LimitProofs(IReadOnlyDictionary<string, GuardrailMemory> memories, StageUnderJudgement stage, DateTimeOffset until)
    {
        var canonical = DecisionMatrix.StageOf(stage, until);
        foreach (var guardrail in Guardrails.Where(guardrail => RollsBack(guardrail, canonical, TimeSpan.MaxValue)))
        {
            var log = LogEvidence(memories, stage, guardrail.Metric, Pool);
            if (log < Leaning || !memories.TryGetValue(Key(guardrail.Metric, Pool), out var memory)) continue;
            var against = memory.Against;
            yield return new StageProof(
                guardrail.Metric, false,
                $"{guardrail.Metric}: bad events {EvidenceText.Rate(against.CanaryBad, against.Canary)}, limit {EvidenceText.Percent(guardrail.Limit)}, evidence {EvidenceText.Weight(log)} of {EvidenceText.Weight(LogThreshold)}",
                [$"{guardrail.Metric}: evidence against it below {EvidenceText.Weight(Leaning)}"]);
        }
    }

    /// <summary>Requests of both arms that count in the stage.</summary>
    public (double Canary, double Control) Requests(IReadOnlyDictionary<string, GuardrailMemory> memories)
    {
        var counts = memories.TryGetValue(Key(Guardrails[0].Metric, Pool), out var memory) ? memory.Stage.Whole().Counts : default;
        return (counts.Canary, counts.Control);
    }

    /// <summary>How every test stands; what the proofs know of the same test is added.</summary>
    public IReadOnlyList<TestReading> Readings(IReadOnlyDictionary<string, GuardrailMemory> memories, StageUnderJudgement stage, IReadOnlyList<TestReading> proven)
    {
        var readings = new List<TestReading>();
        foreach (var (key, memory) in memories)
        {
            var split = key.IndexOf('|', StringComparison.Ordinal);
            var (metric, region) = (key[..split], key[(split + 1)..]);
            var known = region == Pool ? proven.FirstOrDefault(reading => reading.Metric == metric) : null;
            var counts = Compares(stage) ? memory.Stage.Whole().Counts : memory.StageLimit;
            readings.Add((known ?? new TestReading { Kind = TestKind.Ratio, Metric = metric, LogEvidence = 0, LogThreshold = 0 }) with
            {
                Kind = Compares(stage) ? TestKind.Ratio : TestKind.Limit,
                Region = region,
                LogEvidence = EvidenceText.Recorded(LogEvidence(memories, stage, metric, region)),
                LogThreshold = EvidenceText.Recorded(LogThreshold),
                CanaryBad = counts.CanaryBad,
                Canary = counts.Canary,
                ControlBad = counts.ControlBad,
                Control = counts.Control,
            });
        }

        return [.. readings.OrderBy(reading => reading.Metric, StringComparer.Ordinal).ThenBy(reading => reading.Region, StringComparer.Ordinal), .. proven.Where(reading => reading.Kind == TestKind.Kpi)];
    }

    /// <summary>Which evidence leans against the release, for a sentence; empty: none.</summary>
    public string Leans(IReadOnlyDictionary<string, GuardrailMemory> memories, StageUnderJudgement stage)
    {
        var leaning = memories.Keys.Order(StringComparer.Ordinal)
            .Select(key => (Key: key, Log: LogEvidence(memories, stage, key.Split('|', 2)[0], key.Split('|', 2)[1])))
            .Where(test => test.Log >= Leaning)
            .Select(test => $"{test.Key.Replace("|all", "", StringComparison.Ordinal).Replace("|", " in ", StringComparison.Ordinal)} leans against it (evidence {EvidenceText.Weight(test.Log)} of {EvidenceText.Weight(LogThreshold)})");
        return string.Concat(leaning.Select(text => $"; {text}"));
    }

    private static bool RollsBack(Guardrail guardrail, CanonicalStage stage, TimeSpan lasting) =>
        DecisionMatrix.Of(guardrail.Row, stage) is { Response: MatrixResponse.Immediate } cell && lasting >= cell.Sustained;

    private static Finding Finding(Guardrail guardrail, GuardrailMemory memory, string region, string rule, double limit, string sentence) => new()
    {
        Rule = rule,
        Metric = guardrail.Metric,
        Region = region,
        Value = EvidenceText.Recorded(100 * memory.Against.CanaryRate),
        Bound = EvidenceText.Recorded(100 * BinomialBounds.Lower(memory.Against.CanaryBad, Math.Max(1, memory.Against.Canary), 0.975)),
        Control = EvidenceText.Recorded(memory.Against.Control > 0 ? 100 * memory.Against.ControlRate : null),
        Limit = limit,
        Sample = memory.Against.Canary,
        CrossedAt = memory.CrossedAt!.Value,
        Action = TriggerAction.AutoRollback,
        Sentence = sentence,
    };

    private GuardrailMemory Take(Guardrail guardrail, GuardrailMemory memory, StageUnderJudgement stage, StageSight sight, string region, Observation row)
    {
        var usual = memory.Usual;
        if (guardrail.IsLatency && row.Control is { } old) memory = memory with { Usual = usual.Add(old.Latency) };
        if (!Compares(stage)) memory = TakeLimit(guardrail, memory, stage, sight, row);
        if (!Compares(stage) || row.Canary is not { Requests: > 0 } canary || row.Control is not { Requests: > 0 } control) return memory;
        if (guardrail.Count(canary, control, usual) is not { Comparable: true } counts) return memory;

        if (row.Start >= stage.EvidenceFrom) memory = memory with { Stage = memory.Stage.Add(counts) };
        memory = memory with { Block = memory.Block + counts, BlockIntervals = memory.BlockIntervals + 1 };
        if (memory.BlockIntervals < _calibration.BlockIntervals) return memory;

        var block = memory.Block;
        var offset = Math.Log(guardrail.ToleratedRatio) + _calibration.OffsetOf(guardrail.Metric, region, stage.Percentage.Value);
        _ratio.Update(memory.Ratio, block, offset);
        return Lean(memory with { Block = default, BlockIntervals = 0 }, block, _ratio.LogEvidence(memory.Ratio), _ratio.LogThreshold, row.End);
    }

    private GuardrailMemory TakeLimit(Guardrail guardrail, GuardrailMemory memory, StageUnderJudgement stage, StageSight sight, Observation row)
    {
        // Where nobody is on the new version by default, what it does to everybody counts.
        var arm = sight.Kind == StageKind.Dark ? IntervalPools.Sum(row.Canary, row.Control) : row.Canary;
        if (arm is not { Requests: > 0 }) return memory;
        var (bad, requests) = guardrail.AgainstLimit(arm);
        var limit = memory.Limit ?? new LimitTestState();
        var test = _limits[guardrail.Metric];
        test.Update(limit, bad, requests);
        var counts = new ArmCounts(bad, requests, 0, 0);
        if (row.Start >= stage.EvidenceFrom) memory = memory with { StageLimit = memory.StageLimit + counts };
        return Lean(memory with { Limit = limit }, counts, test.LogEvidence(limit), test.LogThreshold, row.End);
    }

    /// <summary>Keeps the counts since the evidence began to speak against the canary: they are what a sentence shows.</summary>
    private GuardrailMemory Lean(GuardrailMemory memory, ArmCounts counts, double log, double threshold, DateTimeOffset end)
    {
        if (log <= 0) return memory with { Against = default, AgainstSince = null, CrossedAt = null };
        return memory with
        {
            Against = memory.AgainstSince is null ? counts : memory.Against + counts,
            AgainstSince = memory.AgainstSince ?? end - (_plan.Watch.Interval * _calibration.BlockIntervals),
            CrossedAt = log < threshold ? null : memory.CrossedAt ?? end,
        };
    }

    /// <summary>Each region where there are several, and the pool of all.</summary>
    private IEnumerable<(string Region, Observation Row)> Scopes(IReadOnlyList<Observation> interval)
    {
        if (_plan.Regions.Count > 1)
        {
            foreach (var region in interval.GroupBy(row => row.Region, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
                yield return (region.Key, IntervalPools.Pool(region));
        }

        yield return (Pool, IntervalPools.Pool(interval));
    }
}
