using System.Text.RegularExpressions;

namespace Slipway.Infrastructure.Check;

/// <summary>What the app is set to by the templates, what it reads, and what the tables say.</summary>
internal static partial class Settings
{
    private const string Table = "the settings of infra/README.md";

    /// <summary>https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations</summary>
    private static readonly string[] NotOnFlex =
    [
        "ENABLE_ORYX_BUILD", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_WORKER_RUNTIME_VERSION", "FUNCTIONS_MAX_HTTP_CONCURRENCY",
        "FUNCTIONS_WORKER_PROCESS_COUNT", "FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED", "SCM_DO_BUILD_DURING_DEPLOYMENT", "TZ", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTOVERVNET", "WEBSITE_CONTENTSHARE", "WEBSITE_DNS_SERVER", "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT", "WEBSITE_NODE_DEFAULT_VERSION",
        "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_SKIP_CONTENTSHARE_VALIDATION", "WEBSITE_TIME_ZONE", "WEBSITE_VNET_ROUTE_ALL",
    ];

    public static void CheckTables(Repository repository, Findings findings)
    {
        var documented = repository.Readme.Names("Settings");
        foreach (var file in repository.Files("infra", "local.settings*.json").Append("local.settings.sample.json"))
        {
            var values = repository.Json(file).GetProperty("Values").EnumerateObject().Select(static item => item.Name);
            findings.ExpectWithin(values, file, documented, Table);
        }

        var root = SettingRow().Matches(repository.Text("README.md")).Select(static match => match.Groups[1].Value);
        findings.ExpectWithin(root, "README.md", documented, Table);
        findings.ExpectWithin(repository.InCode(Literal()), "the code of the Azure projects", documented, Table);
    }

    public static void Check(Repository repository, CompiledTemplates templates, Findings findings)
    {
        var rows = repository.Readme.Rows("Settings");
        var always = rows.Where(static cells => cells[1] == "template").Select(static cells => cells[0].Trim('`'));
        var promised = rows.Where(static cells => cells[1].StartsWith("template", StringComparison.Ordinal)).Select(static cells => cells[0].Trim('`'));
        findings.ExpectSame(SetIn(templates.Smallest), "what the template sets", always, $"{Table} as set always");
        var set = SetIn(templates.Everything);
        findings.ExpectSame(set, "what the template sets with every option", promised, $"{Table} as set by the template");
        foreach (var name in set) findings.Expect(!NotOnFlex.Contains(name, StringComparer.OrdinalIgnoreCase), $"{name} must not be set on Flex Consumption");
        findings.Expect(!set.Contains("AzureWebJobsStorage"), "AzureWebJobsStorage would be a connection string");

        // Settings in a second place would not be compared.
        findings.ExpectSame(
            templates.All.Where(static item => item.Type == "Microsoft.Web/sites/config").Select(static item => item.Id.Split('/')[^1]).Distinct(), "the templates", ["appsettings", "authsettingsV2"], "what is expected");
        foreach (var site in templates.All.Where(static item => item.Type == "Microsoft.Web/sites"))
            findings.Expect(site.At("properties", "siteConfig", "appSettings") is null, "The site has settings of its own, beside infra/modules/app-settings.bicep");

        // From the day on which there are adapters that read them.
        if (repository.Has("src/Slipway.Azure"))
            findings.ExpectWithin(set.Where(static name => name.StartsWith("SLIPWAY_", StringComparison.Ordinal)), "infra/modules/app-settings.bicep", repository.InCode(Literal()), "the code of the Azure projects");
    }

    private static HashSet<string> SetIn(IReadOnlyList<Resource> deployment) =>
        [.. deployment.Single(static item => item.Id.EndsWith("/config/appsettings", StringComparison.Ordinal)).Json.GetProperty("properties").EnumerateObject().Select(static item => item.Name)];

    [GeneratedRegex(@"^\| `((?:SLIPWAY|AzureWebJobs)\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex SettingRow();

    [GeneratedRegex("\"(SLIPWAY_[A-Z_]+)\"")]
    private static partial Regex Literal();
}
