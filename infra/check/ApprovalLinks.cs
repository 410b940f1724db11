using System.Text.RegularExpressions;

namespace Slipway.Infrastructure.Check;

/// <summary>Nothing that the platform logs of requests keeps an approval link, and the service takes the query that sees to it.</summary>
internal static partial class ApprovalLinks
{
    private const string Prefix = "source | extend ";

    /// <summary>Where the platform puts an address, or a text with one.</summary>
    private static readonly Dictionary<string, string[]> Columns = new()
    {
        ["AppRequests"] = ["Url", "Name", "OperationName", "Properties"],
        ["AppDependencies"] = ["Data", "Name", "Target", "OperationName", "Properties"],
        ["AppTraces"] = ["Message", "OperationName", "Properties"],
        ["AppExceptions"] = ["OuterMessage", "InnermostMessage", "ProblemId", "OperationName", "Details", "Properties"],
    };

    /// <summary>What a transformation may call, as far as it is of use here: https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-transformations-kql.
    /// Neither replace_string nor replace_regex is among them.</summary>
    private static readonly string[] Supported =
    [
        "iif", "case", "strcat", "substring", "indexof", "tolower", "toupper", "tostring", "parse_json", "split", "extract", "extract_all", "isempty", "isnotempty", "isnull", "isnotnull", "strlen", "countof",
    ];

    public static void Check(CompiledTemplates templates, Findings findings)
    {
        foreach (var variant in new[] { templates.Smallest, templates.Everything })
        {
            var rules = variant.Where(static item => item.Type == "Microsoft.Insights/dataCollectionRules").ToList();
            findings.Expect(rules.Count == 1 && rules[0].Json.GetProperty("kind").ValueEquals("WorkspaceTransforms"), "One rule of the kind WorkspaceTransforms is expected: a workspace has no more");
            foreach (var rule in rules) Check(rule, variant, findings);
        }
    }

    private static void Check(Resource rule, IReadOnlyList<Resource> variant, Findings findings)
    {
        findings.Expect(
            variant.Any(item => item.Type == "Microsoft.OperationalInsights/workspaces" && item.Is(rule.Id, "properties", "defaultDataCollectionRuleResourceId")), $"{rule.Id} is not the rule of the workspace");
        var flows = rule.Json.GetProperty("properties").GetProperty("dataFlows").EnumerateArray().ToDictionary(
            static flow => flow.GetProperty("streams").EnumerateArray().Single().GetString()!["Microsoft-Table-".Length..], static flow => flow.GetProperty("transformKql").GetString()!);
        findings.ExpectSame(flows.Keys, "the tables that the rule cleans", Columns.Keys, "those that the platform logs requests in");
        findings.ExpectSame(
            variant.Where(static item => item.Type == "Microsoft.OperationalInsights/workspaces/tables").Select(static item => item.Id.Split('/')[^1]), "the tables that take part in transformations", Columns.Keys, "those that are cleaned");
        foreach (var (table, query) in flows)
        {
            findings.ExpectWithin(Call().Matches(query).Select(static match => match.Groups[1].Value), $"the transformation of {table}", Supported, "what a transformation may call");
            findings.Expect(query.StartsWith(Prefix, StringComparison.Ordinal) && !query.Contains('\n'), $"The transformation of {table} is not one line that begins with '{Prefix}'");
            findings.ExpectSame(
                Cut().Matches(query).Concat(Emptied().Matches(query)).Select(static match => match.Groups[1].Value), $"the columns of {table} that are cleaned", Columns[table], "those that may hold a link");
            findings.Expect(Emptied().Replace(Cut().Replace(query[Prefix.Length..], ""), "").Trim(',', ' ').Length == 0, $"The transformation of {table} does something else beside: {query}");
        }
    }

    [GeneratedRegex(@"\b([a-z_0-9]+)\(")]
    private static partial Regex Call();

    [GeneratedRegex("""(\w+) = iif\(\1 contains "/approvals/", strcat\(substring\(\1, 0, indexof\(tolower\(\1\), "/approvals/"\)\), "/approvals/removed"\), \1\)""")]
    private static partial Regex Cut();

    [GeneratedRegex("""(\w+) = iif\(tostring\(\1\) contains "/approvals/", parse_json\('\{[^']*\}'\), \1\)""")]
    private static partial Regex Emptied();
}
