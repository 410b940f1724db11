using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Demo.Progress;
using Slipway.Core.Releases;
using Slipway.Core.Serialization;

namespace Slipway.Cli.Demo;

/// <summary>What the demo showed, for people and for programs. Pure.</summary>
/// <param name="Results">How the releases ended, in the order in which they ran.</param>
/// <param name="Folder">Where the reports are.</param>
/// <param name="Took">How long the whole demo took.</param>
/// <param name="Requests">Requests that the storefront answered.</param>
/// <param name="Users">Shoppers.</param>
internal sealed record DemoSummary(IReadOnlyList<DemoResult> Results, string Folder, TimeSpan Took, long Requests, int Users)
{
    private string Data => Path.Combine(Folder, "slipway-data");

    /// <summary>What is not as it should be; empty when the demo succeeded.</summary>
    public IReadOnlyList<string> Differences { get; } = [.. Results.SelectMany(result => result.Differences())];

    /// <summary>The last words, for a person.</summary>
    public string ForPeople()
    {
        List<string> lines =
        [
            "",
            Differences.Count == 0
                ? Text($"Both releases ended as they should, in {Took.TotalSeconds:0} s, under {Requests:N0} requests of {Users:N0} shoppers.")
                : "The demo did NOT end as it should:",
            .. Differences.Select(difference => $"  - {difference}"),
            "",
        ];
        foreach (var result in Results)
        {
            var phase = result.View.Ended?.Phase ?? result.View.Phase;
            lines.Add(Text($"  {result.Scenario.Name,-6} {DemoLines.Word(phase),-12} after {result.Took.TotalSeconds:0.0} s"));
            lines.Add($"         why      {result.View.Rollback?.Reason ?? result.View.Ended?.Reason ?? "it did not end"}");
            if (result.View.TimeToRollBack is { } rollback)
                lines.Add(Text($"         rollback {rollback.TotalSeconds:0.00} s from the first breaching poll to the flag verified off"));
            lines.Add($"         report   {Path.Combine(Folder, result.Scenario.Name, "report.json")}");
        }

        lines.AddRange(
        [
            "",
            Text($"Beside each report: its ledger (ledger.jsonl), its request (release.yaml) and {Results.Sum(result => result.Mails.Count)} mails (mails/*.eml)."),
            "Next: look at both releases in a server of your own, from two terminals:",
            $"      slipway serve --data {Data}",
            $"      slipway show demo-bad --data {Data}",
        ]);
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>The one JSON object of <c>--json</c>.</summary>
    public string ForPrograms() => JsonSerializer.Serialize(
        new
        {
            schema = "slipway.demo.v1",
            succeeded = Differences.Count == 0,
            differences = Differences,
            seconds = Math.Round(Took.TotalSeconds, 3),
            requests = Requests,
            users = Users,
            folder = Folder,
            data = Data,
            releases = Results.Select(result => new
            {
                name = result.Scenario.Name,
                id = result.Scenario.Id,
                phase = result.View.Ended?.Phase ?? result.View.Phase,
                expected = result.Scenario.Expected,
                why = result.View.Rollback?.Reason ?? result.View.Ended?.Reason ?? "",
                seconds = Math.Round(result.Took.TotalSeconds, 3),
                time_to_roll_back_seconds = result.View.TimeToRollBack is { } span ? Math.Round(span.TotalSeconds, 3) : (double?)null,
                flag = result.Scenario.Feature.Flag,
                flag_verified_off = result.Scenario.Expected == ReleasePhase.RolledBack ? result.View.VerifiedOffAt is not null : (bool?)null,
                request = Path.Combine(Folder, result.Scenario.Name, "release.yaml"),
                report = Path.Combine(Folder, result.Scenario.Name, "report.json"),
                ledger = Path.Combine(Folder, result.Scenario.Name, "ledger.jsonl"),
                mails = result.Mails,
            }),
        },
        SlipwayJson.Options);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
