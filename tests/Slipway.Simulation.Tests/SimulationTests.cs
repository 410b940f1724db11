using Slipway.Core.Releases;
using Slipway.Simulation.Cases;
using Slipway.Simulation.Running;

namespace Slipway.Simulation.Tests;

public sealed class SimulationTests
{
    /// <summary>A seed with deaths, one with two releases, and quiet ones.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(17)]
    public async Task The_same_seed_is_the_same_run_wherever_the_engine_stores(long seed)
    {
        var first = await SimulationRun.OfAsync(CaseGenerator.Draw(seed), onDisk: false);
        var second = await SimulationRun.OfAsync(CaseGenerator.Draw(seed), onDisk: true);

        Assert.Empty(first.Violations);
        Assert.True(first.Steps > 0);
        Assert.Equal((first.Steps, first.Entries, first.Deaths), (second.Steps, second.Entries, second.Deaths));
        Assert.Equal(first.Ends, second.Ends);
        Assert.Equal(first.Happened, second.Happened);
        Assert.Equal(first.Heads, second.Heads);
    }

    /// <summary>
    /// Each broke an invariant once: evidence stood in the ledger in another order than it was judged in; a stage was promoted before its gates were
    /// asked; a watch that was heard late opened an evaluation of a release that was over; flags were taken for back, for somebody else's or for written
    /// after a read of the past; a flag that somebody had changed was written without an entry of its own; a release completed over an abort whose
    /// wake-up was late; a release counted as rolled back although nobody could look at a flag at its end; more users came while a gate was known to
    /// fail, or outside of the window since a process had died before the write; a stopped shadow, or a write whose answers were lost, looked like lost sight
    /// for ever; what a release had begun when it was stopped, or a lock that was taken away when the server died, had no entry of its end; the evidence
    /// against a latency at 100 % that people had dismissed for half a day was too large for a number. (At 32660 and 82831 the monitor looked at gates and sight too early.)
    /// </summary>
    [Theory]
    [InlineData(92)]
    [InlineData(186)]
    [InlineData(208)]
    [InlineData(940)]
    [InlineData(2477)]
    [InlineData(2570)]
    [InlineData(2633)]
    [InlineData(3668)]
    [InlineData(4795)]
    [InlineData(6391)]
    [InlineData(7363)]
    [InlineData(7848)]
    [InlineData(17615)]
    [InlineData(18641)]
    [InlineData(21118)]
    [InlineData(28706)]
    [InlineData(29558)]
    [InlineData(32660)]
    [InlineData(36605)]
    [InlineData(58015)]
    [InlineData(81448)]
    [InlineData(82831)]
    public async Task A_seed_that_found_a_defect_finds_it_no_more(long seed) => Assert.Empty((await SimulationRun.BeforeItHangsAsync(CaseGenerator.Draw(seed))).Violations);

    /// <summary>What is drawn reaches every way in which a release ends, every kind of incident and every phase that a release moves in.</summary>
    [Fact]
    public void What_is_drawn_has_every_kind_of_incident_in_every_phase()
    {
        var incidents = Enumerable.Range(0, 2_000).SelectMany(seed => CaseGenerator.Draw(seed).Incidents).ToList();

        Assert.Equal(Enum.GetValues<IncidentKind>().Except([IncidentKind.None]).Order(), incidents.Select(incident => incident.Kind).Distinct().Order());
        Assert.Equal(
            Enum.GetValues<ReleasePhase>().Except([ReleasePhase.Completed, ReleasePhase.RolledBack, ReleasePhase.Failed]).Order(),
            incidents.Select(incident => incident.Phase).Distinct().Order());
        Assert.Equal(Enum.GetValues<ReleaseCommandKind>().Order(), incidents.Where(incident => incident.Kind == IncidentKind.Command).Select(incident => incident.Command).Distinct().Order());
    }

    [Fact]
    public async Task Of_some_runs_none_breaks_an_invariant_and_no_request_is_refused()
    {
        var report = await Simulator.RunAsync(0, 60, null, 3, null, null);

        Assert.True(report.Findings.Count == 0, string.Join('\n', report.Findings.Select(finding => $"seed {finding.Seed}: {string.Join('\n', finding.Violations)}")));
        Assert.Equal(60, report.Runs);
        Assert.True(report.Deaths > 0);
        Assert.Equal([ReleasePhase.Completed, ReleasePhase.RolledBack, ReleasePhase.Failed], report.Ends.Keys);
        Assert.Empty(report.Refusals);
    }
}
