using Slipway.Cli.Demo.Progress;
using Slipway.Core.Releases;

namespace Slipway.Cli.Demo;

/// <summary>How one release of the demo ended.</summary>
/// <param name="Scenario">Which one.</param>
/// <param name="View">What its ledger says.</param>
/// <param name="FlagJson">The flag as Slipway's API shows it after the end.</param>
/// <param name="Took">From the start to the end.</param>
/// <param name="Mails">Where its mails are.</param>
internal sealed record DemoResult(DemoScenario Scenario, DemoView View, string FlagJson, TimeSpan Took, IReadOnlyList<string> Mails)
{
    /// <summary>What is not as it should be; empty when everything is. Pure.</summary>
    public IReadOnlyList<string> Differences()
    {
        List<string> differences = [];
        if (View.Ended is not { } ended)
        {
            differences.Add($"{Scenario.Name}: did not end; it is {DemoLines.Word(View.Phase)}");
            return differences;
        }

        if (ended.Phase != Scenario.Expected)
            differences.Add($"{Scenario.Name}: ended {DemoLines.Word(ended.Phase)} instead of {DemoLines.Word(Scenario.Expected)}: {ended.Reason}");
        var enabled = FlagIsEnabled();
        if (Scenario.Expected == ReleasePhase.Completed && !enabled) differences.Add($"{Scenario.Name}: the flag {Scenario.Feature.Flag} is off");
        if (Scenario.Expected == ReleasePhase.RolledBack && enabled) differences.Add($"{Scenario.Name}: the flag {Scenario.Feature.Flag} is still on");
        if (Scenario.Expected == ReleasePhase.RolledBack && ended.Phase == Scenario.Expected && View.TimeToRollBack is null)
            differences.Add($"{Scenario.Name}: the ledger does not say when the flag was verified off");
        return differences;
    }

    private bool FlagIsEnabled()
    {
        using var flag = System.Text.Json.JsonDocument.Parse(FlagJson);
        return flag.RootElement.GetProperty("enabled").GetBoolean();
    }
}
