using Slipway.Benchmarks.AzureCost.Counting;
using Slipway.Benchmarks.AzureCost.Model;

namespace Slipway.Benchmarks.AzureCost.Reporting;

/// <summary>A release that was counted, and what follows.</summary>
/// <param name="Plan">Which.</param>
/// <param name="Run">The counts.</param>
/// <param name="Work">What it asks of Azure.</param>
internal sealed record CountedCost(CountedPlan Plan, CountedRun Run, ReleaseWork Work)
{
    /// <summary>Its bill.</summary>
    public IReadOnlyList<BillLine> Bill { get; } = Model.Bill.Of(Work);

    /// <summary>Its sum, in dollars.</summary>
    public double Dollars => Bill.Sum(line => line.Dollars);

    /// <summary>Runs and counts one.</summary>
    public static async Task<CountedCost> CountAsync(CountedPlan plan)
    {
        var run = await CountedRelease.RunAsync(plan.Subject());
        return new CountedCost(plan, run, ReleaseWork.Of(run.Tally));
    }
}

/// <summary>The whole model: a day, the sample, and how far the day goes.</summary>
/// <param name="Day">24 hours with a poll a minute.</param>
/// <param name="Sample">samples/release.yaml.</param>
internal sealed record AzureModel(CountedCost Day, CountedCost Sample)
{
    /// <summary>How many releases like the day.</summary>
    public Scale Scale { get; } = new(Day.Work, Day.Run.Hours, Day.Run.Interval);

    /// <summary>Runs both.</summary>
    public static async Task<AzureModel> CountAsync() => new(await CountedCost.CountAsync(CountedPlan.Day), await CountedCost.CountAsync(CountedPlan.Sample));
}
