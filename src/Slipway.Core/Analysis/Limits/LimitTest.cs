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

    /// <summary>The largest evidence whose exponential is a number, with room for a sum of them.</summary>
    private const double Largest = 700;

    private const double Lowest = -1e30;
    private const double Negligible = -100;

    private static readonly double[] Ratios = [.. Enumerable.Range(0, Rates).Select(r => RatioOf(2 * (r - AtLimit)))];
    private static readonly double[] Shapes = [.. NoiseSizes.ToArray().Select(size => 1 / (size * size))];
    private static readonly double[] LogGammas = [.. Shapes.Select(BinomialBounds.LogGamma)];
    private static readonly double[] Weights = [.. LogPrior.ToArray().Select(Math.Exp)];

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
        // Nothing is taken off below what an exponential can hold: the last bits there are in recorded histories.
        double sum = 0, taken = 0;
        for (var start = 0; start < Starts; start++)
        {
            if (state.Stake(start) > 0 && state.Evidence(start) > Largest) taken = Math.Max(taken, state.Evidence(start));
        }

        for (var start = 0; start < Starts; start++)
        {
            if (state.Stake(start) > 0) sum += state.Stake(start) * Math.Exp(state.Evidence(start) - taken);
        }

        return sum > 0 ? taken + Math.Log(sum) : 0;
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

    private static double Evidence(ReadOnlySpan<double> all)
    {
        var (allowed, above) = (Lowest, Lowest);
        for (var m = 0; m < Noises; m++)
        {
            for (var r = 0; r < Rates; r++)
            {
                var log = all[(m * Rates) + r];
                if (r <= AtLimit) allowed = Math.Max(allowed, log);
                else above = Math.Max(above, log);
            }
        }

        double sum = 0;
        for (var m = 0; m < Noises; m++)
        {
            var weight = Weights[m];
            for (var r = AtLimit + 1; r < Rates; r++)
            {
                // What is left out would not change the last bit of the sum.
                var below = all[(m * Rates) + r] - above;
                if (below > Negligible) sum += weight * Math.Exp(below);
            }
        }

        return above + Math.Log(sum / (Rates - AtLimit - 1)) - allowed;
    }

    /// <summary>The log likelihood of so many bad events for each ratio to the limit and each noise size, up to one constant.</summary>
    private static void Fill(double bad, double atLimit, Span<double> likelihood)
    {
        Span<double> counts = stackalloc double[Noises];
        for (var m = 1; m < Noises; m++) counts[m] = BinomialBounds.LogGamma(bad + Shapes[m]) - LogGammas[m];
        for (var r = 0; r < Rates; r++)
        {
            var mean = atLimit * Ratios[r];
            likelihood[r] = (bad * Math.Log(mean)) - mean;
            for (var m = 1; m < Noises; m++)
            {
                var shape = Shapes[m];
                likelihood[(m * Rates) + r] = counts[m] + (shape * Math.Log(shape / (shape + mean))) + (bad * Math.Log(mean / (shape + mean)));
            }
        }
    }
}
