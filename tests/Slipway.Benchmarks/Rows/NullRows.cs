using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Streams;

namespace Slipway.Benchmarks.Rows;

/// <summary>False rollbacks of healthy releases, of every kind.</summary>
internal static class NullRows
{
    private const string Section = "False rollback (share of healthy releases, per test)";

    private static readonly double[] Bases = [0.001, 0.005, 0.02];
    private static readonly double[] Traffics = [1, 10, 100, 1000];

    /// <summary>The rows.</summary>
    public static IEnumerable<Row> All(RunSizes sizes) => Families(sizes).SelectMany(family => family.Measure());

    private static IEnumerable<NullFamily> Families(RunSizes sizes)
    {
        yield return Grid(sizes, "clean", kind => kind);
        yield return Grid(sizes, "drift +-50 % in both arms", kind => kind with { Drift = true });
        yield return Grid(sizes, "20x shocks in both arms, 2 % of minutes", kind => kind with { Shocks = 0.02 });
        yield return Grid(sizes, "gaps, 10 % of minutes", kind => kind with { Gaps = 0.1 });
        yield return Grid(sizes, "own noise cv 0.3", kind => kind with { Variation = 0.3 });
        yield return Grid(sizes, "own noise cv 1.0", kind => kind with { Variation = 1.0 });
        yield return Grid(
            sizes, "all together, cv 1.0", kind => kind with { Drift = true, Shocks = 0.02, Gaps = 0.1, Variation = 1.0 });
        yield return new NullFamily(Section, "just tolerated: 1.25x, clean", OverTraffic("edge", kind => kind with { Ratio = 1.25 }), sizes.Cell, sizes.Rival)
        {
            Tolerances = [1.25],
        };
        yield return new NullFamily(
            Section, "20x shock in the canary alone, one minute", OverTraffic("aligned", kind => kind with { Shock = CanaryShock.Aligned }), sizes.Shock, sizes.Rival)
        {
            Goals = (_, all, _, _) => [Goal.NoneOf(all)],
        };
        yield return new NullFamily(
            Section, "the same, straddling two minutes", OverTraffic("straddling", kind => kind with { Shock = CanaryShock.Straddling }), sizes.Shock, sizes.Rival)
        {
            Goals = (tolerated, all, _, _) => [Goal.AtMost("", all, tolerated > 1 ? 0.001 : 0.002)],
        };
        var memory = OverTraffic("memory", kind => kind with { Memory = 0.8, Variation = 0.3 });
        yield return new NullFamily(Section, "AR(0.8) noise cv 0.3, blocks of 3 minutes", memory, sizes.Memory, sizes.Rival)
        {
            Tolerances = [1.25],
            Block = 3,
            Goals = (_, all, worst, _) => [Goal.AtMost("", all, 0.005), Goal.WorstAtMost(worst, 0.005)],
        };
        yield return new NullFamily(Section, "the same, blocks of 5 minutes", memory, sizes.Memory, sizes.Rival) { Tolerances = [1.0], Block = 5 };
        var sticky = OverTraffic("sticky", kind => kind);
        yield return new NullFamily(Section, "sticky users sd 0.2, with the A/A offset", sticky, sizes.Sticky, sizes.Rival)
        {
            Draw = StickyStream.Draw,
            Offsets = true,
            Goals = (_, all, worst, _) => [Goal.AtMost("", all, 0.005), Goal.WorstAtMost(worst, 0.005)],
        };
        yield return new NullFamily(Section, "the same without the offset", sticky, sizes.Sticky, sizes.Rival) { Draw = StickyStream.Draw };
    }

    private static NullFamily Grid(RunSizes sizes, string name, Func<StreamCase, StreamCase> kind) => new(
        Section,
        name,
        [
            .. from rate in Bases
               from rps in Traffics
               select kind(new StreamCase { Name = FormattableString.Invariant($"{name} {rate} {rps}"), Base = rate, Rps = rps }),
        ],
        sizes.Cell,
        sizes.Rival)
    {
        Goals = (tolerated, all, worst, two) => tolerated > 1
            ? [Goal.AtMost("", all, 0.005), Goal.WorstAtMost(worst, 0.005), Goal.AtMost("of two ", two, 0.01)]
            : [Goal.AtMost("", all, 0.008), Goal.WorstAtMost(worst, 0.008)],
    };

    private static StreamCase[] OverTraffic(string name, Func<StreamCase, StreamCase> kind) =>
        [.. new[] { 10.0, 100, 1000 }.Select(rps => kind(new StreamCase { Name = FormattableString.Invariant($"{name} {rps}"), Rps = rps }))];
}
