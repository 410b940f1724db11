using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Slipway.Infrastructure.Check;

/// <summary>The compiler, in a copy of the folder: what it writes stays out of the tree.</summary>
internal sealed class Bicep(string program)
{
    private static readonly string Variants = Path.Combine("check", "variants");

    public static string Version => typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static item => item.Key == "BicepFolder").Value!.Split('/', '\\')[^2];

    /// <summary>Null: the package could not be restored.</summary>
    public static Bicep? Find()
    {
        var folder = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(static item => item.Key == "BicepFolder")?.Value;
        if (folder is null) return null;
        var program = Path.Combine(folder, OperatingSystem.IsWindows() ? "bicep.exe" : "bicep");
        // Some unpackers forget that it is a program.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute);
        return new Bicep(program);
    }

    /// <summary>Null when something does not compile; what is then said is among the findings.</summary>
    public async Task<CompiledTemplates?> CompileAsync(Repository repository, Findings findings)
    {
        var copy = Directory.CreateTempSubdirectory("slipway-bicep-").FullName;
        try
        {
            var infra = repository.Full("infra");
            foreach (var file in repository.Files("infra", "*").Where(static path => Path.GetExtension(path) is ".bicep" or ".bicepparam" or ".json"))
            {
                var target = Path.Combine(copy, Path.GetRelativePath(infra, repository.Full(file)));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(repository.Full(file), target);
            }

            // Each of these takes a processor for seconds, so that three at once would be no faster.
            var smallest = SnapshotAsync(copy, "smallest", findings);
            var everything = await SnapshotAsync(copy, "everything", findings);
            var lint = await RunAsync(copy, "lint", "--pattern", "**/*.bicep");
            findings.Expect(lint.Code == 0 && lint.Said.Length == 0, $"bicep lint says:\n{lint.Said}");
            var templates = await smallest is { } small && everything is { } large ? new CompiledTemplates(small, large) : null;

            await RunAsync(copy, "format", "--pattern", "**/*.bicep", "--newline-kind", "LF", "--insert-final-newline");
            foreach (var file in repository.Templates)
            {
                var formatted = await File.ReadAllTextAsync(Path.Combine(copy, Path.GetRelativePath(infra, repository.Full(file))));
                findings.Expect(formatted == repository.Text(file).ReplaceLineEndings("\n"), $"{file} is not formatted: bicep format --pattern '**/*.bicep'");
            }

            return templates;
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>Evaluates a deployment without Azure.</summary>
    private async Task<IReadOnlyList<Resource>?> SnapshotAsync(string folder, string variant, Findings findings)
    {
        const string Id = "00000000-0000-0000-0000-0000000000";
        var run = await RunAsync(
            folder, "snapshot", Path.Combine(Variants, $"{variant}.bicepparam"), "--mode", "overwrite", "--subscription-id", Id + "aa", "--tenant-id", Id + "bb", "--location", "westeurope");
        findings.Expect(run.Code == 0 && run.Said.Length == 0, $"bicep snapshot of {variant} says:\n{run.Said}");
        var file = Path.Combine(folder, Variants, $"{variant}.snapshot.json");
        if (!File.Exists(file)) return null;
        var snapshot = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;
        return [.. snapshot.GetProperty("predictedResources").EnumerateArray().Select(resource => new Resource(
            variant,
            resource.GetProperty("type").GetString()!,
            resource.GetProperty("id").GetString()!,
            resource))];
    }

    private async Task<Run> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var said = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        await output;
        return new Run(process.ExitCode, (await said).Trim());
    }

    private sealed record Run(int Code, string Said);
}
