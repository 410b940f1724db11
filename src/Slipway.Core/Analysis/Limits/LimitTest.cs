using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Slipway.Core.Analysis.Limits.LimitTestState;
using static Slipway.Core.Analysis.Sequential.NoiseLattice;

namespace Slipway.Core.Analysis.Limits;

/// <summary>
/// The sequential test against an absolute limit, for where there is no control arm (at 100 %): is the rate of bad events above the limit?
/// <para>
/// The bad events of an interval are taken as negative binomial around their expectation, with a gamma factor of unknown size: under
/// plain Poisson counts a shock that passes looks like a breach. Universal inference (Wasserman, Ramdas and Balakrishnan 2020): the mixture
/// over rates above the limit and noise sizes, over the best that any rate up to the limit with any noise can do. A breach may begin late,
/// so that a new start is made every <see cref="Every"/> intervals, of which the newest and the most telling are followed; an interval adds
/// at most <c>ln(1/alpha)/3</c> to the evidence of a start. Nothing in an update allocates.
/// </para>
/// </summary>
public sealed class LimitTest
{
    /// <summary>How many intervals lie between two starts.</summary>
    public const int Every = 10;

    private const double Lowest = -1e30;
    private const double Negligible = -100;

    private static readonly double[] Ratios = [.. Enumerable.Range(0, Rates).Select(r => RatioOf(2 * (r - AtLimit)))];
    private static readonly double[] LogRatios = [.. Ratios.Select(ratio => Math.Log(ratio))];

    /// <summary>By noise size; the first, without noise, has none.</summary>
    private static readonly double[] Shapes = [.. NoiseSizes.ToArray().Select(size => size > 0 ? 1 / (size * size) : 1)];
    private static readonly double[] LogShapes = [.. Shapes.Select(shape => Math.Log(shape))];
    private static readonly double[] LogGammas = [.. Shapes.Select(BinomialBounds.LogGamma)];

    /// <summary>For each number of a likelihood: its shape, its weight, and 0 above the limit or minus infinity up to it.</summary>
    private static readonly double[] ShapeOfEach = Each((noise, _) => Shapes[noise]);
    private static readonly double[] Weights = Each((noise, _) => Math.Exp(LogPrior[noise]));
    private static readonly double[] OnlyAbove = Each((_, rate) => rate > AtLimit ? 0 : double.NegativeInfinity);

    private readonly double _cap;
    private readonly double _laterStake;

    /// <summary>Makes the test.</summary>
    /// <param name="limit">Bad events among requests, above 0 and below 1.</param>
    /// <param name="alpha">The share of healthy releases that this test may roll back, above 0 and below 1.</param>
    /// <param name="plannedIntervals">How many intervals it is expected to see, 1 or more.</param>
    public LimitTest(double limit, double alpha, int plannedIntervals)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(limit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(alpha, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(alpha, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(plannedIntervals, 1);
        Limit = limit;
        LogThreshold = Math.Log(1 / alpha);
        _cap = LogThreshold / 3;
        _laterStake = 0.5 / Math.Max(1, plannedIntervals / Every);
    }

    /// <summary>Bad events among requests that are just allowed.</summary>
    public double Limit { get; }

    /// <summary>The natural logarithm of the evidence that counts as a breach: ln(1/alpha).</summary>
    public double LogThreshold { get; }

    /// <summary>The natural logarithm of the evidence E; 0 and less says nothing.</summary>
    public double LogEvidence(LimitTestState state)
    {
        double sum = 0;
        for (var start = 0; start < Starts; start++)
        {
            if (state.Stake(start) > 0) sum += state.Stake(start) * Math.Exp(state.Evidence(start));
        }

        return sum > 0 ? Math.Log(sum) : 0;
    }

    /// <summary>Whether the evidence counts as a breach.</summary>
    public bool Rejects(LimitTestState state) => LogEvidence(state) >= LogThreshold;

    /// <summary>Takes one closed interval in; one without requests changes nothing.</summary>
    /// <param name="state">What was learnt before; changed in place.</param>
    /// <param name="bad">Bad events, 0 to <paramref name="requests"/>.</param>
    /// <param name="requests">Requests, 0 or more.</param>
    public void Update(LimitTestState state, long bad, long requests)
    {
        if (requests <= 0) return;
        if (state.Intervals % Every == 0) Start(state, state.Intervals == 0 ? 0.5 : _laterStake);
        Span<double> likelihood = stackalloc double[Rates * Noises];
        Fill(bad, requests * Limit, likelihood);
        for (var start = 0; start < Starts; start++)
        {
            if (state.Stake(start) <= 0) continue;
            var all = state.Likelihood(start);
            for (var i = 0; i < all.Length; i++) all[i] += likelihood[i];
            var evidence = Evidence(all);

            // What a wild interval adds beyond the cap is not caught up later: only what the next ones add.
            var gain = Math.Min(_cap, evidence - state.Uncapped(start));
            state.Evidence(start) = Math.Min(evidence, state.Evidence(start) + gain);
            state.Uncapped(start) = evidence;
        }

        state.Intervals++;
    }

    private static double[] Each(Func<int, int, double> of) => [.. Enumerable.Range(0, Noises).SelectMany(noise => Enumerable.Range(0, Rates).Select(rate => of(noise, rate)))];

    /// <summary>Begins anew where nothing was started yet, or in place of the start that says least.</summary>
    private static void Start(LimitTestState state, double stake)
    {
        var place = 0;
        for (var start = 0; start < Starts; start++)
        {
            if (state.Stake(start) <= 0)
            {
                place = start;
                break;
            }

            if (state.Evidence(start) < state.Evidence(place)) place = start;
        }

        state.Likelihood(place).Clear();
        state.Stake(place) = stake;
        state.Evidence(place) = 0;
        state.Uncapped(place) = 0;
    }

    /// <summary>The mixture over what is above the limit, over the best that is allowed; as a logarithm. Four at a time, in a fixed order.</summary>
    private static double Evidence(ReadOnlySpan<double> all)
    {
        var logs = MemoryMarshal.Cast<double, Vector256<double>>(all);
        var above = MemoryMarshal.Cast<double, Vector256<double>>(OnlyAbove);
        var weights = MemoryMarshal.Cast<double, Vector256<double>>(Weights);
        var (bestAllowed, bestAbove) = (Vector256.Create(Lowest), Vector256.Create(Lowest));
        for (var i = 0; i < logs.Length; i++)
        {
            bestAbove = Vector256.Max(bestAbove, logs[i] + above[i]);
            bestAllowed = Vector256.Max(bestAllowed, Vector256.ConditionalSelect(Vector256.Equals(above[i], Vector256<double>.Zero), Vector256.Create(Lowest), logs[i]));
        }

        var best = Largest(bestAbove);
        var (shift, negligible) = (Vector256.Create(best), Vector256.Create(Negligible));
        var parts = Vector256<double>.Zero;
        for (var i = 0; i < logs.Length; i++)
        {
            // What is left out would not change the last bit of the sum.
            var below = logs[i] + above[i] - shift;
            if (Vector256.GreaterThanAny(below, negligible)) parts += weights[i] * Vector256.Exp(below);
        }

        var sum = parts[0] + parts[1] + (parts[2] + parts[3]);
        return best + Math.Log(sum / (Rates - AtLimit - 1)) - Largest(bestAllowed);
    }

    private static double Largest(Vector256<double> of) => Math.Max(Math.Max(of[0], of[1]), Math.Max(of[2], of[3]));

    /// <summary>
    /// The log likelihood of so many bad events for each ratio to the limit and each noise size, up to one constant: for a mean m and a shape s
    /// <c>lnΓ(bad + s) − lnΓ(s) + s ln(s / (s + m)) + bad ln(m / (s + m))</c>, and without noise <c>bad ln m − m</c>.
    /// </summary>
    private static void Fill(double bad, double atLimit, Span<double> likelihood)
    {
        Span<double> means = stackalloc double[Rates * Noises];
        Span<double> given = stackalloc double[Rates * Noises];
        var logLimit = Math.Log(atLimit);
        for (var r = 0; r < Rates; r++)
        {
            means[r] = atLimit * Ratios[r];
            given[r] = bad * (logLimit + LogRatios[r]);
        }

        for (var m = 1; m < Noises; m++)
        {
            var noise = BinomialBounds.LogGamma(bad + Shapes[m]) - LogGammas[m] + (Shapes[m] * LogShapes[m]);
            for (var r = 0; r < Rates; r++)
            {
                means[(m * Rates) + r] = means[r];
                given[(m * Rates) + r] = given[r] + noise;
            }
        }

        var mean = MemoryMarshal.Cast<double, Vector256<double>>(means);
        var known = MemoryMarshal.Cast<double, Vector256<double>>(given);
        var shapes = MemoryMarshal.Cast<double, Vector256<double>>(ShapeOfEach);
        var into = MemoryMarshal.Cast<double, Vector256<double>>(likelihood);
        var count = Vector256.Create(bad);
        for (var i = 0; i < into.Length; i++) into[i] = known[i] - ((shapes[i] + count) * Vector256.Log(shapes[i] + mean[i]));
        for (var r = 0; r < Rates; r++) likelihood[r] = given[r] - means[r];
    }
}
