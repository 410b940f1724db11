namespace Slipway.Core.Analysis;

/// <summary>Adds rows of observations up.</summary>
internal static class IntervalPools
{
    /// <summary>All rows as one; of several intervals, the start of the first.</summary>
    public static Observation Pool(IEnumerable<Observation> rows) => rows.Aggregate((left, right) => left with
    {
        Region = "all",
        Canary = Sum(left.Canary, right.Canary),
        Control = Sum(left.Control, right.Control),
    });

    /// <summary>Both arms; an arm that sent nothing adds nothing.</summary>
    public static ArmSample? Sum(ArmSample? left, ArmSample? right) => left is null ? right : right is null ? left : left.Add(right);
}
