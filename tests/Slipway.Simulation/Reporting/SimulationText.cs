using System.Globalization;
using System.Text;
using Slipway.Core.Requests;
using Slipway.Simulation.Cases;
using Slipway.Simulation.Running;
using Slipway.Simulation.World;

namespace Slipway.Simulation.Reporting;

/// <summary>What is printed.</summary>
internal static class SimulationText
{
    private const int LastLines = 80;

    /// <summary>The sum of the runs.</summary>
    public static string Of(SimulationReport report, TimeSpan took)
    {
        var text = new StringBuilder();
        text.AppendLine(Sentence($"{report.Runs:N0} runs (seeds {report.First} to {report.First + report.Runs - 1}) in {took.TotalSeconds:N0} s, {report.Runs / Math.Max(0.001, took.TotalSeconds):N1} a second"));
        text.AppendLine(Sentence($"  steps      {report.Steps:N0} commits, {report.Entries:N0} ledger entries, {report.Deaths:N0} deaths of the process"));
        text.AppendLine(Sentence($"  ends       {string.Join(", ", report.Ends.Select(end => Sentence($"{end.Key} {end.Value:N0}")))}; not taken {report.Refused:N0}"));
        text.AppendLine(Sentence($"  incidents  {string.Join(", ", report.Faults.Select(fault => Sentence($"{fault.Key} {fault.Value:N0}")))}"));
        text.AppendLine(Sentence($"  coverage   {report.TriplesMet:N0} of {SimulationReport.Triples:N0} triples of phase, command and incident"));
        text.AppendLine(Sentence($"  violations {report.Findings.Count}"));
        foreach (var (why, count) in report.Refusals.OrderByDescending(one => one.Value).Take(3)) text.AppendLine(Sentence($"  not taken {count:N0} times: {why}"));
        return text.ToString();
    }

    /// <summary>A finding in one line.</summary>
    public static string Of(Finding finding) => Sentence($"  seed {finding.Seed}: {finding.Violations[0].Split('\n')[0]}");

    /// <summary>A finding, made small.</summary>
    public static string Of(Finding finding, SimulationCase small, SimulationRun run, int tries)
    {
        var text = new StringBuilder();
        text.AppendLine(Sentence($"seed {finding.Seed} (again: --seed {finding.Seed} --runs 1), made small in {tries} runs:"));
        foreach (var violation in run.Violations.Take(5)) text.AppendLine(Sentence($"  broken: {violation}"));
        foreach (var release in small.Releases)
        {
            var request = release.Request;
            text.AppendLine(Sentence($"  release {request.Release.Id} after {release.After}: {request.Strategy} over {string.Join(", ", request.Stages.Select(stage => Sentence($"{stage.Percentage} for {stage.Bake}")))}; risk {request.Release.DeclaredRisk}, {Sort(request)}; defect {release.Defect}"));
        }

        text.AppendLine(Sentence($"  people: {small.People}"));
        if (small.Pipelines != PipelineKind.Done) text.AppendLine(Sentence($"  pipelines: {small.Pipelines}"));
        foreach (var incident in small.Incidents) text.AppendLine(Sentence($"  incident: {incident}"));
        var log = run.Log ?? [];
        if (log.Count > LastLines) text.AppendLine(Sentence($"  ... {log.Count - LastLines} lines before"));
        foreach (var line in log.Skip(Math.Max(0, log.Count - LastLines))) text.AppendLine(Sentence($"  {line}"));

        // Where only the end of a long output is shown it must be there too.
        text.AppendLine(Sentence($"so much of seed {finding.Seed}; again: --seed {finding.Seed} --runs 1"));
        return text.ToString();
    }

    /// <summary>A planted bug that was found.</summary>
    public static string Found(Mutation bug, SimulationReport report, Finding finding, SimulationCase small) =>
        Sentence($"found: {bug.Name}: seed {finding.Seed}, after {report.Runs} runs: {finding.Violations[0].Split('\n')[0]} (made small: {small.Releases.Count} release{(small.Releases.Count > 1 ? "s" : "")}, {small.Incidents.Count} incidents{(small.Incidents.Count > 0 ? ": " : "")}{string.Join("; ", small.Incidents)})");

    /// <summary>A planted bug that was not found.</summary>
    public static string Missed(Mutation bug, SimulationReport report) => Sentence($"MISSED: {bug.Name}: {report.Runs} runs broke nothing");

    private static string Sort(ReleaseRequest request) => string.Join(", ", (string[])
    [
        .. request.Approvals.Count > 0 ? ["approval"] : Array.Empty<string>(), .. request.Operations.Windows.Count > 0 ? ["window"] : Array.Empty<string>(),
        .. request.Gates.Count > 0 ? ["gate"] : Array.Empty<string>(), .. request.Rollback is not null ? ["further levels"] : Array.Empty<string>(),
        Sentence($"{request.Environments[^1].Regions.Count} regions, poll {request.Telemetry!.Interval}"),
    ]);

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
