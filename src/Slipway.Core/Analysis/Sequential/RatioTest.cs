using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Slipway.Core.Analysis.Sequential.NoiseLattice;

namespace Slipway.Core.Analysis.Sequential;

/// <summary>
/// The sequential test for a regression: is the canary's rate of bad events more than the tolerated multiple of the control arm's? It may
/// be looked at after every interval; a release is rolled back when the evidence E reaches 1/alpha.
/// <para>
/// Given the bad events of both arms together, those of the canary are binomial with odds <c>n_c/n_b · ratio</c>: drift and shocks that hit
/// both arms cancel. Each arm's rate also carries gamma noise of unknown size in each interval (<see cref="NoiseLattice"/>). The weight of
/// each noise size follows what was seen under any course of the ratio, also one that changes on the way (fixed share: Herbster and
/// Warmuth, Tracking the best expert, 1998), so that a regression does not pass for noise. For each ratio above the tolerated one a process
/// multiplies the likelihood ratios of the intervals, and gains a fixed stake before each (a regression may begin late). E is their mean. A
/// single interval adds at most <c>ln(1/alpha)/3</c>, or twice that and ln 3 where the one before had pointed to the same ratio as
/// strongly: no single interval, however wild, decides.
/// </para>
/// <para>
/// In form an e-process (Ramdas, Grünwald, Vovk and Shafer, Game-theoretic statistics and safe anytime-valid inference, 2023) with the
/// change-point mixture of Shin, Ramdas and Rinaldo (E-detectors, 2022); exact only without noise, and checked by simulation beyond that.
/// Nothing in an update allocates; sums run in a fixed order.
/// </para>
/// </summary>
public sealed class RatioTest
{
    /// <summary>How often the ratio is expected to change, by interval.</summary>
    internal const double DefaultChange = 0.0003;

    private const double Tiny = 1e-200;
    private const double LargestEvidence = 1e100;

    private readonly double _stake;
    private readonly double _start;
    private readonly double _cap;
    private readonly double _confirmedCap;
    private readonly double _change;
    private readonly int _noises;

    /// <summary>Makes the test.</summary>
    /// <param name="alpha">The share of healthy releases that this test may roll back, above 0 and below 1.</param>
    /// <param name="plannedIntervals">How many intervals the release has at its longest bakes, 1 or more. Beyond them the risk of a false
    /// rollback goes on growing at the same rate.</param>
    public RatioTest(double alpha, int plannedIntervals)
        : this(alpha, plannedIntervals, Noises, capped: true, restarts: true)
    {
    }

    /// <summary>The same with parts left out, to compare with simpler forms.</summary>
    /// <param name="alpha">As above.</param>
    /// <param name="plannedIntervals">As above.</param>
    /// <param name="noises">How many noise sizes count, from none upwards: 1 is the plain binomial likelihood.</param>
    /// <param name="capped">Whether a single interval's weight is limited.</param>
    /// <param name="restarts">Whether a regression may begin late; without, the processes begin at 1.</param>
    /// <param name="change">How often the ratio is expected to change, by interval.</param>
    internal RatioTest(double alpha, int plannedIntervals, int noises, bool capped, bool restarts, double change = DefaultChange)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(alpha, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(alpha, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(plannedIntervals, 1);
        Alpha = alpha;
        _noises = noises;
        _change = change;
        _start = restarts ? 1 : 2;
        _stake = restarts ? 0.5 / plannedIntervals : 0;
        _cap = capped ? Math.Log(1 / alpha) / 3 : double.PositiveInfinity;
        _confirmedCap = capped ? (2 * _cap) + Math.Log(3) : double.PositiveInfinity;
    }

    /// <summary>The share of healthy releases that this test may roll back.</summary>
    public double Alpha { get; }

    /// <summary>The natural logarithm of the evidence that rolls back: ln(1/alpha).</summary>
    public double LogThreshold => Math.Log(1 / Alpha);

    /// <summary>The natural logarithm of E, the mean of the processes; 0 and less says nothing against the canary.</summary>
    public double LogEvidence(RatioTestState state)
    {
        double sum = 0;
        foreach (var process in state.Evidence) sum += process;
        return Math.Log(Math.Max(Tiny, _start * sum / LastRatio));
    }

    /// <summary>Whether the evidence rolls back.</summary>
    public bool Rejects(RatioTestState state) => LogEvidence(state) >= LogThreshold;

    /// <summary>Takes one closed interval in. One that cannot be compared, or without bad events, changes nothing.</summary>
    /// <param name="state">What was learnt before; changed in place.</param>
    /// <param name="counts">Both arms' counts.</param>
    /// <param name="logOffset">ln of what is just tolerated beside n_c/n_b: ln(tolerated ratio), and the A/A offset.</param>
    public void Update(RatioTestState state, in ArmCounts counts, double logOffset)
    {
        if (counts.Informative)
            Update(state, counts.CanaryBad, counts.ControlBad, Math.Log((double)counts.Canary / counts.Control) + logOffset);
    }

    /// <summary>The same for bad events that need not be whole: on the expected course of a release, power asks the test itself.</summary>
    internal void Update(RatioTestState state, double canaryBad, double controlBad, double logOdds)
    {
        Span<double> likelihood = stackalloc double[IntervalLikelihood.Length];
        IntervalLikelihood.Fill(canaryBad, controlBad, logOdds, likelihood);

        Span<double> mixed = stackalloc double[Row];
        Mix(state.NoiseLogs, likelihood, mixed);
        var tolerated = Math.Log(Math.Max(Tiny, mixed[Tolerated]));
        var stake = state.Intervals == 0 ? 0 : _stake;
        var suspicious = 0u;
        var evidence = state.Evidence;
        for (var r = 1; r <= LastRatio; r++)
        {
            var bit = 1u << (r - 1);
            var gain = Math.Log(Math.Max(Tiny, mixed[Tolerated + r])) - tolerated;
            if (gain >= _cap) suspicious |= bit;
            gain = Math.Min(gain, (state.Suspicious & bit) != 0 ? _confirmedCap : _cap);
            evidence[r - 1] = Math.Min(LargestEvidence, (evidence[r - 1] + stake) * Math.Exp(gain));
        }

        Learn(state, likelihood);
        state.Suspicious = suspicious;
        state.Intervals++;
        state.HighestLogEvidence = Math.Max(state.HighestLogEvidence, LogEvidence(state));
    }

    /// <summary>The likelihood of each ratio over the noise sizes, weighed by what was seen before this interval.</summary>
    private void Mix(ReadOnlySpan<double> noiseLogs, ReadOnlySpan<double> likelihood, Span<double> mixed)
    {
        Span<double> weight = stackalloc double[Noises];
        var highest = double.NegativeInfinity;
        for (var m = 0; m < _noises; m++) highest = Math.Max(highest, weight[m] = LogPrior[m] + noiseLogs[m]);
        double sum = 0;
        for (var m = 0; m < _noises; m++) sum += weight[m] = Math.Max(Tiny, Math.Exp(weight[m] - highest));
        mixed.Clear();
        var into = MemoryMarshal.Cast<double, Vector256<double>>(mixed);
        for (var m = 0; m < _noises; m++)
        {
            var share = Vector256.Create(weight[m] / sum);
            var from = MemoryMarshal.Cast<double, Vector256<double>>(likelihood.Slice(m * Row, Row));
            for (var i = 0; i < from.Length; i++) into[i] = Vector256.FusedMultiplyAdd(share, from[i], into[i]);
        }
    }

    /// <summary>What the interval says about the noise: each size by how well it foresaw it, whatever the ratio is and became.</summary>
    private void Learn(RatioTestState state, ReadOnlySpan<double> likelihood)
    {
        var keep = Vector256.Create(1 - _change);
        var spread = Vector256.Create(_change / Ratios);
        var logs = state.NoiseLogs;
        var highest = double.NegativeInfinity;
        for (var m = 0; m < _noises; m++)
        {
            var belief = MemoryMarshal.Cast<double, Vector256<double>>(state.Belief(m));
            var seen = MemoryMarshal.Cast<double, Vector256<double>>(likelihood.Slice(m * Row, Row));
            var parts = Vector256<double>.Zero;
            for (var i = 0; i < belief.Length; i++) parts += belief[i] *= seen[i];
            var sum = parts[0] + parts[1] + (parts[2] + parts[3]);
            if (sum > Tiny)
            {
                var scale = keep / sum;
                for (var i = 0; i < belief.Length; i++) belief[i] = Vector256.FusedMultiplyAdd(belief[i], scale, spread);
            }
            else
            {
                for (var i = 0; i < belief.Length; i++) belief[i] = Vector256.Create(1.0 / Ratios);
            }

            // The padding of a row takes no part.
            state.Belief(m)[Ratios..].Clear();
            logs[m] += Math.Log(Math.Max(Tiny, sum));
            highest = Math.Max(highest, logs[m]);
        }

        // Only differences count; kept near zero they keep their digits, however long the release.
        for (var m = 0; m < _noises; m++) logs[m] -= highest;
    }
}
