using System.Text.Json.Nodes;

namespace Slipway.Infrastructure.Check;

/// <summary>The two host.json are one but for the store of the engine, and lose no event that an alert asks for.</summary>
internal static class HostFiles
{
    public static void Check(Repository repository, Findings findings)
    {
        const string Scheduler = "infra/host.durable-task-scheduler.json";
        var here = JsonNode.Parse(repository.Text("host.json"))!;
        var there = JsonNode.Parse(repository.Text(Scheduler))!;
        var sampled = here["logging"]!["applicationInsights"]!["samplingSettings"]!["excludedTypes"]!.GetValue<string>().Split(';');
        findings.ExpectWithin(["Event", "Request", "Trace"], "what alerts ask for", sampled, "what host.json exempts from sampling");

        var provider = there["extensions"]!["durableTask"]!["storageProvider"]!;
        findings.Expect(provider["type"]!.GetValue<string>() == "azureManaged", $"{Scheduler} does not name the scheduler");
        findings.Expect(
            repository.Text("infra/modules/app-settings.bicep").Contains($"{provider["connectionStringName"]}:", StringComparison.Ordinal), $"{Scheduler} names a setting that is not set");
        findings.Expect(
            repository.Text("infra/modules/durable-task-scheduler.bicep").Contains($"name: '{there["extensions"]!["durableTask"]!["hubName"]}'", StringComparison.Ordinal), $"{Scheduler} names a task hub that is not made");
        foreach (var file in new[] { here, there }) file["extensions"]!["durableTask"]!.AsObject().Remove("storageProvider");
        findings.Expect(JsonNode.DeepEquals(here, there), $"{Scheduler} differs from host.json in more than its storageProvider");
    }
}
