namespace Slipway.Core.Analysis;

/// <summary>Adds rows of observations up.</summary>
internal static class IntervalPools
{
    /// <summary>All rows as one; of several intervals, the start of the first.</summary>
    public static Observation Pool(IEnumerable<Observation> rows)
    {
        var all = rows as IReadOnlyList<Observation> ?? [.. rows];
        if (all.Count == 1) return all[0];
        var canaries = new List<ArmSample>(all.Count);
        var controls = new List<ArmSample>(all.Count);
        foreach (var row in all)
        {
            if (row.Canary is { } canary) canaries.Add(canary);
            if (row.Control is { } control) controls.Add(control);
        }

        return all[0] with { Region = "all", Canary = ArmSample.Sum(canaries), Control = ArmSample.Sum(controls) };
    }

    /// <summary>Both arms; an arm that sent nothing adds nothing.</summary>
    public static ArmSample? Sum(ArmSample? left, ArmSample? right) => left is null ? right : right is null ? left : left.Add(right);
}
