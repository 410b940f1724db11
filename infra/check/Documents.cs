using System.Text.RegularExpressions;

namespace Slipway.Infrastructure.Check;

/// <summary>Files that are read by others than the compiler, and files that nobody reads.</summary>
internal static partial class Documents
{
    public static void Check(Repository repository, Findings findings)
    {
        foreach (var json in repository.Files("infra", "*.json")) findings.Expect(Reads(() => repository.Json(json)), $"{json} is not JSON");
        var sources = repository.Templates.Select(repository.Text).ToList();
        foreach (var module in repository.Templates.Where(static path => path.StartsWith("infra/modules/", StringComparison.Ordinal)))
            findings.Expect(sources.Exists(text => Regex.IsMatch(text, $@"'(modules/)?{Regex.Escape(Path.GetFileName(module))}'")), $"{module} is used by nothing");

        // A comment says why a module is there before it says how.
        foreach (var template in repository.Templates) findings.Expect(repository.Text(template).StartsWith("// ", StringComparison.Ordinal), $"{template} does not begin with what it is for");

        foreach (var forbidden in new[] { "linuxFxVersion", "netFrameworkVersion", "listKeys", "listConnectionStrings", "WEBSITE_TIME_ZONE" })
            foreach (var template in repository.Templates)
                findings.Expect(!repository.Text(template).Contains(forbidden, StringComparison.OrdinalIgnoreCase), $"{template} names {forbidden}, which Flex Consumption or keyless access rules out");
    }

    private static bool Reads(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
