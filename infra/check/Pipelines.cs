using System.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.Infrastructure.Check;

/// <summary>azure.yaml and the sample pipelines are YAML, and what they hand to a shell is shell.</summary>
internal static class Pipelines
{
    private static readonly string[] Scripts = ["run", "bash", "script", "inlineScript"];

    public static void Check(Repository repository, Findings findings)
    {
        foreach (var file in repository.Files("samples/pipelines", "*.yml").Append("azure.yaml"))
        {
            var stream = new YamlStream();
            try
            {
                using var reader = new StringReader(repository.Text(file));
                stream.Load(reader);
                findings.Expect(stream.Documents.Count == 1, $"{file} holds {stream.Documents.Count} documents");
            }
            catch (YamlException problem)
            {
                findings.Expect(false, $"{file} is not YAML: {problem.Message}");
                continue;
            }

            foreach (var mapping in stream.Documents[0].AllNodes.OfType<YamlMappingNode>())
                foreach (var (key, value) in mapping.Children)
                    if (!OperatingSystem.IsWindows() && key is YamlScalarNode { Value: { } name } && Scripts.Contains(name) && value is YamlScalarNode { Value: { } script })
                        findings.Expect(IsShell(script, null), $"{file}: {name} is not what bash understands");
        }

        if (OperatingSystem.IsWindows()) return; // What is called bash there need not be one.
        foreach (var script in new[] { "infra/approval-keys", "infra/check/run", "samples/pipelines/release-gate" })
            findings.Expect(IsShell(null, repository.Full(script)), $"{script} is not what bash understands");
    }

    private static bool IsShell(string? text, string? file)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true };
        start.ArgumentList.Add("-n");
        if (file is not null) start.ArgumentList.Add(file.Replace('\\', '/'));
        using var bash = Process.Start(start)!;
        if (text is not null) bash.StandardInput.Write(text);
        bash.StandardInput.Close();
        bash.WaitForExit();
        return bash.ExitCode == 0;
    }
}
