using System.Text.RegularExpressions;

namespace Slipway.Infrastructure.Check;

/// <summary>Alerts and workbook ask for the events that the table names, and the app emits no others.</summary>
internal static partial class Events
{
    public static void Check(Repository repository, Findings findings)
    {
        var documented = repository.Readme.Names("Events");
        var asked = Name().Matches(repository.Text("infra/modules/alerts.bicep") + repository.Text("infra/workbook.json")).Select(static match => match.Groups[1].Value);
        findings.ExpectSame(asked.Distinct(), "alerts and workbook", documented, "the events of infra/README.md");
        var emitted = repository.Files("src", "*.cs").SelectMany(path => Emitted().Matches(repository.Text(path)).Select(static match => match.Groups[1].Value)).ToHashSet();
        if (emitted.Count > 0) findings.ExpectSame(emitted, "the code", documented, "the events of infra/README.md");
    }

    [GeneratedRegex(@"'(slipway(?:\.[a-z_]+){2})'")]
    private static partial Regex Name();

    [GeneratedRegex("\"(slipway\\.(?:release|rollback|telemetry|mail|policy)\\.(?!yaml)[a-z_]+)\"")]
    private static partial Regex Emitted();
}
