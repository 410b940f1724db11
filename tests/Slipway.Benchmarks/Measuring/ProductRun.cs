using Slipway.Benchmarks.Streams;
using Slipway.Core.Analysis;
using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Benchmarks.Measuring;

/// <summary>What the product did in one release.</summary>
/// <param name="Failed">The minute after which the verdict was "fail", 0 first; null: never.</param>
internal readonly record struct ProductRun(int? Failed)
{
    /// <summary>The plan of a request that leaves everything to the defaults: 10 % for 2 hours, 50 % for 4 hours, 100 % for a day.</summary>
    public static ReleasePlan DefaultPlan { get; } = Planner.Plan(ReleaseRequestReader.Read(JsonRequestDocument.Parse("""
        {
          "release": { "title": "Search", "version": "2.4.0", "declared_risk": "low" },
          "environments": [{ "name": "prod" }],
          "flags": [{ "name": "search-v2", "kill_switch": true }],
          "telemetry": { "source": "embedded" },
          "communications": { "stakeholders": [{ "email": "support@example.com" }] }
        }
        """)).Request!).Plan!;

    /// <summary>Judges a release minute by minute, as the watch does, until it is rolled back.</summary>
    public static ProductRun Of(IReleaseJudge judge, ReleasePlan plan, int stages, ProductStream stream, int run)
    {
        JudgeState? state = null;
        var minute = 0;
        foreach (var (stage, row) in stream.Rows(plan, stages, run))
        {
            var judgement = judge.Judge(plan, state, stage, [row], row.End);
            state = judgement.State;
            if (judgement.Assessment.Verdict == Verdict.Fail) return new ProductRun(minute);
            minute++;
        }

        return new ProductRun(null);
    }
}
