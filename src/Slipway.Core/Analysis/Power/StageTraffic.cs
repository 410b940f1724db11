namespace Slipway.Core.Analysis.Power;

/// <summary>What is expected of one metric in one interval of one stage, before anything starts.</summary>
/// <param name="Requests">Requests of both arms in one interval, above 0.</param>
/// <param name="Share">The canary's share of them, above 0 and below 1.</param>
/// <param name="BadRate">Bad events among requests when all is well, 0 to 1.</param>
/// <param name="Intervals">How many intervals the bake has, 1 or more.</param>
public sealed record StageTraffic(double Requests, double Share, double BadRate, int Intervals)
{
    /// <summary>Bad events of the canary in one interval when all is well.</summary>
    public double CanaryBad => Requests * Share * BadRate;

    /// <summary>Bad events of the control arm in one interval.</summary>
    public double ControlBad => Requests * (1 - Share) * BadRate;

    /// <summary>ln of the canary's requests over the control arm's.</summary>
    public double LogOdds => Math.Log(Share / (1 - Share));
}
