using System.Text.RegularExpressions;

namespace Slipway.Infrastructure.Check;

/// <summary>
/// The column "Used by" of the roles, against the code: each port that Slipway.Azure implements stands at the roles of the services that its
/// folder reaches, at no others, and no service is reached for which no role is known.
/// </summary>
internal static partial class RoleUses
{
    /// <summary>The role that a service is reached with, by the namespace of its client.</summary>
    private static readonly Dictionary<string, string> Services = new(StringComparer.Ordinal)
    {
        ["Communication.Email"] = "Communication and Email Service Owner",
        ["Data.AppConfiguration"] = "App Configuration Data Owner",
        ["Monitor.Query"] = "Log Analytics Data Reader",
        ["Storage.Blobs"] = "Storage Blob Data Contributor",
    };

    /// <summary>What is no service of its own.</summary>
    private static readonly string[] Common = ["Core", "Identity", "Storage"];

    private const string Adapters = "src/Slipway.Azure";

    public static void Check(Repository repository, Findings findings)
    {
        var ports = repository.Files("src/Slipway.Workflow", "*.cs").SelectMany(path => Declared().Matches(repository.Text(path))).Select(static match => match.Groups[1].Value).ToHashSet();
        HashSet<string> used = [];
        foreach (var folder in repository.Files(Adapters, "*.cs").GroupBy(static path => path[..path.LastIndexOf('/')]))
        {
            var services = folder.SelectMany(path => Used().Matches(repository.Text(path))).Select(static match => match.Groups[1].Value).Where(static name => !Common.Contains(name)).ToHashSet();
            foreach (var unknown in services.Where(static service => !Services.ContainsKey(service)))
                findings.Expect(false, $"{folder.Key} uses Azure.{unknown}, for which no role is known");
            foreach (var port in folder.SelectMany(path => Implemented().Matches(repository.Text(path))).Select(static match => match.Groups[1].Value).Where(ports.Contains))
                used.UnionWith(services.Where(Services.ContainsKey).Select(service => $"{Services[service]}: {port}"));
        }

        findings.Expect(used.Count > 0, $"No class of {Adapters} implements a port");
        findings.ExpectSame(
            used, $"the ports that {Adapters} implements, with the services that they reach",
            repository.Readme.Rows("Roles").SelectMany(static cells => Named().Matches(cells[2]).Select(match => $"{cells[0]}: {match.Groups[1].Value}")).Distinct(), "the roles of infra/README.md");
    }

    [GeneratedRegex(@"\binterface (I[A-Z]\w+)")]
    private static partial Regex Declared();

    [GeneratedRegex(@"^using Azure\.(Core|Identity|\w+\.\w+|\w+)(?:\.\w+)*;", RegexOptions.Multiline)]
    private static partial Regex Used();

    [GeneratedRegex(@"\bclass \w+(?:\([^)]*\))? : (?:\w+, )*(I[A-Z]\w+)")]
    private static partial Regex Implemented();

    [GeneratedRegex("`(I[A-Z][A-Za-z]+)`")]
    private static partial Regex Named();
}
