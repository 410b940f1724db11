using Slipway.Cli.Demo.Progress;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Tests.Demo;

public sealed class DemoViewTests
{
    [Fact]
    public void TimeToRollBack_FromFirstBreachingPollToFlagsVerifiedOff()
    {
        var entries = new Entries();
        var view = Fold(
            entries.At(0, Entries.Created),
            entries.At(1, Entries.Flag(true, 5)),
            entries.At(5, new RollbackBegun(true, "slipway", "error rate", null, Entries.Noon.AddSeconds(4.5))),
            entries.At(5.5, Entries.Flag(true, 5)),
            entries.At(6, Entries.Flag(false, 0)));

        Assert.Equal(TimeSpan.FromSeconds(1.5), view.TimeToRollBack);
        Assert.Equal(Percentage.Zero, view.Exposure);
    }

    [Fact]
    public void TimeToRollBack_FlagOffBeforeTheRollback_DoesNotCount()
    {
        var entries = new Entries();
        var view = Fold(
            entries.At(0, Entries.Created),
            entries.At(1, Entries.Flag(false, 0)),
            entries.At(5, new RollbackBegun(true, "slipway", "error rate", null, Entries.Noon.AddSeconds(4.5))));

        Assert.Null(view.TimeToRollBack);
    }

    [Fact]
    public void TimeToRollBack_FailedEffect_IsNoVerification()
    {
        var entries = new Entries();
        var view = Fold(
            entries.At(0, Entries.Created),
            entries.At(5, new RollbackBegun(true, "slipway", "error rate", null, Entries.Noon.AddSeconds(4.5))),
            entries.At(6, Entries.Flag(false, 0) with { Outcome = EffectOutcome.Failed }));

        Assert.Null(view.TimeToRollBack);
    }

    [Fact]
    public void Rates_ManyIntervals_AreTakenOverTheNewest()
    {
        var entries = new Entries();
        var view = Fold([entries.At(0, Entries.Created), .. Enumerable.Range(1, 9).Select(second => entries.At(second, Entries.Judged(second, 10, second > 4 ? 1 : 9)))]);

        Assert.Equal((50, 5), (view.Rates.New!.Requests, view.Rates.New.Errors));
        Assert.Equal(500, view.Rates.Old!.Requests);
    }

    [Fact]
    public void Rates_NewStage_BeginAnew()
    {
        var entries = new Entries();
        var view = Fold(
            entries.At(0, Entries.Created), entries.At(1, Entries.Judged(1, 10, 1)), entries.At(2, new StageStarted(1, Percentage.Full, Entries.Noon)));

        Assert.Null(view.Rates.New);
        Assert.Equal(2, view.Stage);
    }

    private static DemoView Fold(params IEnumerable<LedgerEntry> entries) => entries.Aggregate(new DemoView(), (view, entry) => view.Apply(entry));
}
