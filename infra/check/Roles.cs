using System.Text.RegularExpressions;

namespace Slipway.Infrastructure.Check;

/// <summary>Roles are those that are documented, each given on what the table says, each with the code that it is for.</summary>
internal static partial class Roles
{
    /// <summary>https://learn.microsoft.com/azure/role-based-access-control/built-in-roles</summary>
    private static readonly Dictionary<string, string> Documented = new(StringComparer.Ordinal)
    {
        ["App Configuration Data Owner"] = "5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b",
        ["Communication and Email Service Owner"] = "09976791-48a7-449e-bb21-39d1a415f350",
        ["Durable Task Data Contributor"] = "0ad04412-c4d5-4796-b79c-f76d14c8d402",
        ["Key Vault Secrets Officer"] = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        ["Key Vault Secrets User"] = "4633458b-17de-408a-b874-0445c86b69e6",
        ["Log Analytics Data Reader"] = "3b03c2da-16b3-4a49-8834-0f8130efdd3b",
        ["Monitoring Metrics Publisher"] = "3913510d-42f4-4e42-8a64-420c390055eb",
        ["Storage Blob Data Contributor"] = "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        ["Storage Blob Data Owner"] = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        ["Storage Queue Data Contributor"] = "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        ["Storage Table Data Contributor"] = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    };

    private const string List = "infra/modules/roles.bicep";

    public static void CheckSources(Repository repository, Findings findings)
    {
        var listed = Entry().Matches(repository.Text(List)).ToDictionary(static match => match.Groups[1].Value, static match => match.Groups[2].Value);
        findings.ExpectSame(
            listed.Select(static item => $"{item.Key} = {item.Value}"), List,
            Documented.Select(static item => $"{Camel(item.Key)} = {item.Value}"), "the documented roles");
        foreach (var template in repository.Templates.Where(static path => path != List))
        {
            var text = repository.Text(template);
            findings.Expect(!Guid().IsMatch(text), $"{template} holds a GUID; roles are named in {List}");
            foreach (Match assignment in Assignment().Matches(text))
                findings.Expect(assignment.Groups[1].Value.StartsWith("// ", StringComparison.Ordinal), $"{template}: the role assignment {assignment.Groups[2].Value} does not say which code it is for");
        }

        findings.ExpectSame(repository.Readme.Rows("Roles").Select(static cells => cells[0]).Distinct(), "the roles of infra/README.md", Documented.Keys, "the documented roles");
    }

    public static void Check(Repository repository, CompiledTemplates templates, Findings findings)
    {
        var given = templates.All.Where(static item => item.Type == "Microsoft.Authorization/roleAssignments").ToList();
        findings.Expect(given.Count > 0, "No role is assigned");
        HashSet<string> pairs = [];
        foreach (var assignment in given)
        {
            var role = Documented.FirstOrDefault(known => assignment.At("properties", "roleDefinitionId")?.ToString().Contains(known.Value, StringComparison.Ordinal) == true).Key;
            findings.Expect(role is not null, $"{assignment.Id} assigns a role that is not documented");

            var on = Scope().Match(assignment.Id);
            findings.Expect(on.Success, $"{assignment.Id} is not scoped to a resource");
            pairs.Add($"{role} on {KindOf(on.Groups[1].Value)}");
        }

        // The parameter of the scheduler is set before the app is rebuilt for it, and until then its task hub is in queues and tables.
        foreach (var role in (string[])["Storage Queue Data Contributor", "Storage Table Data Contributor"])
            foreach (var variant in new[] { templates.Smallest, templates.Everything })
                findings.Expect(variant.Any(item => item.At("properties", "roleDefinitionId")?.ToString().Contains(Documented[role], StringComparison.Ordinal) == true), $"{role} is not given in the variant '{variant[0].Variant}'");

        var rows = repository.Readme.Rows("Roles").SelectMany(static cells => Code().Matches(cells[1]).Select(match => $"{cells[0]} on {match.Groups[1].Value}"));
        findings.ExpectSame(pairs, "the templates", rows, "the roles of infra/README.md");
    }

    /// <summary>The last type of an id; containers differ, so they have their name.</summary>
    private static string KindOf(string id) => id.Split('/') is [.., var kind, var name] ? kind == "containers" ? $"{kind}/{name}" : kind : id;

    private static string Camel(string words) => string.Concat(words.Split(' ').Select(static (word, i) => i == 0 ? word.ToLowerInvariant() : char.ToUpperInvariant(word[0]) + word[1..]));

    [GeneratedRegex(@"^  (\w+): '([0-9a-f-]{36})'", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Guid();

    [GeneratedRegex(@"^(.*)\nresource (\w+) 'Microsoft\.Authorization/roleAssignments@", RegexOptions.Multiline)]
    private static partial Regex Assignment();

    /// <summary>What an assignment is on, with a name that is known, or with one that only Azure can make.</summary>
    [GeneratedRegex(@"^(?:\[extensionResourceId\(')?(/subscriptions/[^']+/resourceGroups/[^']+/providers/[^']+?)(?:'|/providers/Microsoft\.Authorization/)")]
    private static partial Regex Scope();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
