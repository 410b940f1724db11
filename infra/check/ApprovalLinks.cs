using System.Text.RegularExpressions;

namespace Slipway.Infrastructure.Check;

/// <summary>Nothing that the platform logs of requests keeps an approval link or a sign-in link, and the service takes the query that sees to it.</summary>
internal static partial class ApprovalLinks
{
    private const string Prefix = "source | extend ";

    /// <summary>What may not be left of an address.</summary>
    private const string Credential = "CREDENTIAL";

    /// <summary>Addresses as the platform writes them: a link, the way back to one behind signing in, encoded again where that address is a part of another one,
    /// and a sign-in link.</summary>
    private static readonly string[] Addresses =
    [
        $"https://slipway.example.com/approvals/{Credential}", $"GET /Approvals/{Credential}?from=mail", $"/sign-in?return=%2Fapprovals%2F{Credential}",
        $"https://slipway.example.com/sign-in?return=%2fApprovals%2f{Credential}", $"?return=%2Fapprovals%2F{Credential}", $"/.auth/login/aad?to=%252Fapprovals%252F{Credential}",
        $"https://slipway.example.com/sign-in?code={Credential}.abc&return=%2Fapprovals%2F{Credential}", $"GET /Sign-In?code={Credential}.abc",
        $"/approvals/{Credential} and /sign-in?code={Credential}", $"/sign-in?code={Credential} and /approvals/{Credential}",
    ];

    /// <summary>Properties, of which a path and its query may be two.</summary>
    private static readonly string[] Properties =
    [
        .. Addresses.Select(static address => $$"""{"uri":"{{address}}"}"""), $$"""{"Path":"/sign-in","QueryString":"?code={{Credential}}"}""", $$"""{"QueryString":"?return=%2Fapprovals%2F{{Credential}}"}""",
    ];

    /// <summary>What stays as it is: other addresses, and the properties by which a release is judged, also of an application that has such a page.</summary>
    private static readonly string[] Others = ["https://slipway.example.com/api/releases?all=1", "GET /sign-in", """{"Path":"/sign-in","arm":"candidate"}""", """{"Path":"/orders","QueryString":"?code=7"}"""];

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
            var cuts = query[Prefix.Length..].Split(" | extend ").Select(static step => Cut().Matches(step).Select(static match => (Column: match.Groups[1].Value, Mark: match.Groups[2].Value)).ToList()).ToList();
            var emptied = Emptied().Matches(query).Select(static match => match.Groups[1].Value).ToList();
            findings.ExpectSame(cuts.SelectMany(static step => step).Select(static cut => cut.Column).Concat(emptied), $"the columns of {table} that are cleaned", Columns[table], "those that may hold a link");
            findings.Expect(cuts.All(static step => step.Select(static cut => cut.Column).Distinct().Count() == step.Count), $"The transformation of {table} makes a column twice in one step: only the next one sees what a step makes");
            findings.Expect(Emptied().Replace(Cut().Replace(query[Prefix.Length..].Replace(" | extend ", ""), ""), "").Trim(',', ' ').Length == 0, $"The transformation of {table} does something else beside: {query}");
            foreach (var column in cuts.SelectMany(static step => step).Select(static cut => cut.Column).Distinct())
            {
                foreach (var address in Addresses)
                    findings.Expect(!After(address, column, cuts).Contains(Credential, StringComparison.Ordinal), $"{column} of {table} keeps a credential: {address} is stored as {After(address, column, cuts)}");
                foreach (var other in Others.Where(static text => !text.StartsWith('{')))
                    findings.Expect(After(other, column, cuts) == other, $"{column} of {table} loses what lets nobody in: {other} is stored as {After(other, column, cuts)}");
            }
        }

        foreach (var properties in Properties) findings.Expect(IsEmptied(properties), $"Properties keep a credential: {properties}");
        foreach (var other in Others) findings.Expect(!IsEmptied(other), $"Properties are lost although they let nobody in: {other}");
    }

    /// <summary>What the steps make of a column, as the service would: <c>contains</c> looks at no case, and <c>indexof</c> finds a mark in small letters alone.</summary>
    private static string After(string text, string column, IEnumerable<IReadOnlyList<(string Column, string Mark)>> steps)
    {
        foreach (var (_, mark) in steps.SelectMany(static step => step).Where(cut => cut.Column == column))
        {
            if (text.Contains(mark, StringComparison.OrdinalIgnoreCase) && text.ToLowerInvariant().IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at) text = text[..at] + mark + "removed";
        }

        return text;
    }

    /// <summary>The condition of <see cref="Emptied"/>.</summary>
    private static bool IsEmptied(string properties)
    {
        return Has("/approvals/") || Has("approvals%2") || (Has("/sign-in") && Has("?code="));

        bool Has(string mark) => properties.Contains(mark, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"\b([a-z_0-9]+)\(")]
    private static partial Regex Call();

    [GeneratedRegex("""(\w+) = iif\(\1 contains "([^"]+)", strcat\(substring\(\1, 0, indexof\(tolower\(\1\), "\2"\)\), "\2removed"\), \1\)""")]
    private static partial Regex Cut();

    [GeneratedRegex("""(\w+) = iif\(tostring\(\1\) contains "/approvals/" or tostring\(\1\) contains "approvals%2" or \(tostring\(\1\) contains "/sign-in" and tostring\(\1\) contains "\?code="\), parse_json\('\{[^']*\}'\), \1\)""")]
    private static partial Regex Emptied();
}
