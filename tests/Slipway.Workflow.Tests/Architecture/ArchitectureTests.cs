using System.Reflection;
using System.Runtime.CompilerServices;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Tests.Architecture;

/// <summary>The rules of the house that a compiler does not know.</summary>
public class ArchitectureTests
{
    private static readonly string Source = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "src"));

    [Fact]
    public void Core_references_the_framework_only() =>
        Assert.All(typeof(ReleaseId).Assembly.GetReferencedAssemblies(), reference => Assert.StartsWith("System", reference.Name, StringComparison.Ordinal));

    [Fact]
    public void Workflow_references_Core_and_the_framework_only() =>
        Assert.All(typeof(ReleaseDesk).Assembly.GetReferencedAssemblies(), reference => Assert.True(
            reference.Name!.StartsWith("System", StringComparison.Ordinal) || reference.Name == "Slipway.Core", reference.Name));

    [Fact]
    public void Every_orchestrator_lives_in_a_workflow_file()
    {
        var orchestrators = typeof(ReleaseDesk).Assembly.GetTypes()
            .Where(type => type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IWorkflow<,>)))
            .Select(type => type.Name)
            .ToList();
        var files = Directory.GetFiles(Path.Combine(Source, "Slipway.Workflow"), "*.workflow.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();

        Assert.NotEmpty(orchestrators);
        Assert.All(orchestrators, name => Assert.Contains(files, text => text.Contains($"class {name}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Slipway.Core")]
    [InlineData("Slipway.Workflow")]
    public void Projects_that_replay_ban_clock_randomness_and_IO(string project)
    {
        var file = File.ReadAllText(Path.Combine(Source, project, $"{project}.csproj"));
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", file);
        Assert.Contains("BannedSymbols.txt", file);

        var banned = File.ReadAllText(Path.Combine(Source, "BannedSymbols.txt"));
        Assert.All(
            ["DateTimeOffset.UtcNow", "Guid.NewGuid", "System.Random", "Task.Delay", "Task.Run", "ConfigureAwait", "System.IO.File;", "HttpClient", "GetEnvironmentVariable"],
            symbol => Assert.Contains(symbol, banned));
    }

    [Fact]
    public void No_project_but_the_two_of_Azure_may_resolve_a_cloud_package()
    {
        foreach (var project in Directory.GetFiles(Source, "*.csproj", SearchOption.AllDirectories))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            if (name is "Slipway.Azure" or "Slipway.Functions") continue;
            Assert.DoesNotContain("<SlipwayCloud>true", File.ReadAllText(project));
        }

        var target = File.ReadAllText(Path.Combine(Source, "..", "Directory.Build.targets"));
        Assert.Contains(@"Azure\.|Microsoft\.Azure\.|Microsoft\.DurableTask", target);
    }

    /// <summary>Read as text, so that it is seen also where the packages of the Functions app do not restore.</summary>
    [Fact]
    public void Every_persisted_name_has_its_line_in_the_Functions_app()
    {
        var triggers = string.Concat(Directory.GetFiles(Path.Combine(Source, "Slipway.Functions", "Triggers"), "*.cs").Select(File.ReadAllText));
        var missing = typeof(ReleaseActivities).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (field.Name, Value: (string)field.FieldType.GetProperty("Value")!.GetValue(field.GetValue(null))!))
            .Where(name => !triggers.Contains($"[Function(\"{name.Value.Replace('.', '-')}\")]", StringComparison.Ordinal))
            .Select(name => $"[Function(\"{name.Value.Replace('.', '-')}\")] … {name.Name}(…)");
        Assert.True(!missing.Any(), $"ActivityFunctions.cs (or WorkflowFunctions.cs) lacks a line such as its neighbours for: {string.Join("; ", missing)}");
    }

    [Fact]
    public void Every_public_exception_type_is_infrastructure_and_says_what_failed()
    {
        var exceptions = typeof(ReleaseDesk).Assembly.GetTypes().Where(type => type.IsPublic && type.IsSubclassOf(typeof(Exception)));
        Assert.All(exceptions, type => Assert.Contains(type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly), _ => true));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
