using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Infrastructure.Check;

/// <summary>Stores are reached by identity alone, closed where that is asked for, and ledgers cannot be rewritten.</summary>
internal static partial class Stores
{
    public static void Check(CompiledTemplates templates, Findings findings)
    {
        foreach (var item in templates.All)
        {
            switch (item.Type)
            {
                case "Microsoft.Storage/storageAccounts":
                    Expect(item, findings, "False", "allowSharedKeyAccess");
                    Expect(item, findings, "False", "allowBlobPublicAccess");
                    Expect(item, findings, "TLS1_2", "minimumTlsVersion");
                    findings.Expect(AccountName().IsMatch(item.Id), $"{item.Id}: a name of 3 to 24 small letters and digits is expected");
                    break;
                case "Microsoft.AppConfiguration/configurationStores" or "Microsoft.Communication/communicationServices":
                    Expect(item, findings, "True", "disableLocalAuth");
                    break;
                case "Microsoft.Insights/components":
                    Expect(item, findings, "True", "DisableLocalAuth");
                    break;
                case "Microsoft.OperationalInsights/workspaces":
                    Expect(item, findings, "True", "features", "disableLocalAuth");
                    break;
                case "Microsoft.KeyVault/vaults":
                    Expect(item, findings, "True", "enableRbacAuthorization");
                    findings.Expect(item.Id.Split('/')[^1].Length <= 24, $"{item.Id}: a name of at most 24 characters is expected");
                    break;
                case "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies":
                    Expect(item, findings, "True", "allowProtectedAppendWrites");
                    findings.Expect(item.Id.Contains("/containers/ledgers/", StringComparison.Ordinal), $"{item.Id}: only ledgers are immutable");
                    break;
                case "Microsoft.KeyVault/vaults/secrets" or "Microsoft.AppConfiguration/configurationStores/keyValues":
                    findings.Expect(false, $"{item.Id}: each deployment would set it back");
                    break;
            }

            if (item.At("properties", "publicNetworkAccess") is { } access && item.Type != "Microsoft.Communication/communicationServices")
                findings.Expect(access.ValueEquals(item.Variant == "everything" ? "Disabled" : "Enabled"), $"{item.Id}: public network access is {access} in the variant '{item.Variant}'");
        }

        foreach (var variant in new[] { templates.Smallest, templates.Everything })
            findings.Expect(variant.Any(static item => item.Type.EndsWith("/immutabilityPolicies", StringComparison.Ordinal)), "The ledgers have no immutability policy");
        findings.Expect(!templates.Smallest.Any(static item => item.Type.StartsWith("Microsoft.Network/", StringComparison.Ordinal)), "A network is made that was not asked for");
        findings.Expect(!templates.Smallest.Any(static item => item.Type.StartsWith("Microsoft.DurableTask/", StringComparison.Ordinal)), "A scheduler is made that was not asked for");

        // Each closed store needs a way in.
        var reached = templates.Everything.Where(static item => item.Type == "Microsoft.Network/privateEndpoints").Select(static item => item.Json.ToString()).ToList();
        foreach (var closed in templates.Everything.Where(static item => item.At("properties", "publicNetworkAccess") is not null && item.Type is not "Microsoft.Web/sites"))
            findings.Expect(reached.Exists(endpoint => endpoint.Contains(closed.Id, StringComparison.Ordinal)), $"{closed.Id} is closed and has no private endpoint");

        foreach (var app in templates.All.Where(static item => item.Type == "Microsoft.Web/sites"))
        {
            findings.Expect(app.Is("dotnet-isolated", "properties", "functionAppConfig", "runtime", "name") && app.Is("10.0", "properties", "functionAppConfig", "runtime", "version"), "The app does not run on .NET 10, isolated");
            var ready = app.At("properties", "functionAppConfig", "scaleAndConcurrency", "alwaysReady") is { ValueKind: JsonValueKind.Array } groups ? groups.EnumerateArray().Select(static group => group.GetProperty("name").GetString()!) : [];
            findings.ExpectSame(ready, $"the groups that are always ready in the variant '{app.Variant}'", app.Variant == "everything" ? ["durable", "http"] : ["durable"], "what is expected");
            findings.Expect(app.Is("api", "tags", "azd-service-name"), "azd would not find the app");
        }
    }

    private static void Expect(Resource item, Findings findings, string value, params string[] path) =>
        findings.Expect(item.Is(value, ["properties", .. path]), $"{item.Id}: {string.Join('.', path)} is expected to be {value}");

    [GeneratedRegex("/[a-z0-9]{3,24}$")]
    private static partial Regex AccountName();
}
