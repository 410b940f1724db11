using System.Text.RegularExpressions;

namespace Slipway.Infrastructure.Check;

/// <summary>main.bicep's parameters, azd's file of values and the table of infra/README.md say the same.</summary>
internal static partial class Parameters
{
    public static void Check(Repository repository, Findings findings)
    {
        var declared = Declaration().Matches(repository.Text("infra/main.bicep")).ToDictionary(static match => match.Groups[1].Value, static match => match.Groups[2].Value.Trim().Trim('\''));
        var given = repository.Json("infra/main.parameters.json").GetProperty("parameters").EnumerateObject().ToDictionary(static item => item.Name, static item => item.Value.GetProperty("value").GetString()!);
        findings.ExpectSame(declared.Keys, "infra/main.bicep", given.Keys, "infra/main.parameters.json");

        List<string> variables = [];
        foreach (var (name, value) in given)
        {
            var variable = Variable().Match(value);
            findings.Expect(variable.Success, $"{name} in infra/main.parameters.json is not ${{VARIABLE}} or ${{VARIABLE=default}}");
            if (!variable.Success || !declared.TryGetValue(name, out var standard)) continue;
            variables.Add(variable.Groups[1].Value);
            findings.Expect(variable.Groups[2].Value == standard, $"{name} is by default '{standard}' in infra/main.bicep and '{variable.Groups[2].Value}' in infra/main.parameters.json");
        }

        findings.ExpectSame(variables.Where(static name => !name.StartsWith("AZURE_", StringComparison.Ordinal)), "infra/main.parameters.json", repository.Readme.Names("Parameters"), "the parameters of infra/README.md");
        var outputs = Output().Matches(repository.Text("infra/main.bicep")).Select(static match => match.Groups[1].Value);
        // azd writes outputs over what was set, so that one of the same name would change a parameter.
        foreach (var output in outputs) findings.Expect(output == "AZURE_LOCATION" || !variables.Contains(output), $"{output} is an output and a parameter's variable");
    }

    [GeneratedRegex(@"^param (\w+) [^=\n]+(?:= (.+))?$", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^output (\w+) ", RegexOptions.Multiline)]
    private static partial Regex Output();

    [GeneratedRegex(@"^\$\{([A-Z0-9_]+)(?:=([^}]*))?\}$")]
    private static partial Regex Variable();
}
