using System.Text.RegularExpressions;

namespace Slipway.Security.Tests;

/// <summary>The page of the threats names what there is.</summary>
public sealed partial class ThreatModelTests
{
    internal static readonly string Root = Find();
    private static readonly string Page = File.ReadAllText(Path.Combine(Root, "docs", "threat-model.md"));

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var sources = Sources("tests");
        var named = TestName().Matches(Page).Select(match => (Class: match.Groups["class"].Value, Method: match.Groups["method"].Value)).Distinct().ToList();

        Assert.True(named.Count >= 60, $"only {named.Count} tests are named");
        foreach (var (type, method) in named)
        {
            Assert.True(
                sources.Any(source => source.Contains($"class {type}", StringComparison.Ordinal)
                    && Regex.IsMatch(source, $@"\[(Fact|Theory)(?:(?!public ).)*public (async )?(Task|void) {Regex.Escape(method)}\(", RegexOptions.Singleline, TimeSpan.FromSeconds(10))),
                $"there is no test {type}.{method}");
        }
    }

    [Fact]
    public void Every_class_and_file_that_the_page_names_exists()
    {
        var sources = Sources("src");
        foreach (var name in ClassName().Matches(Page).Select(match => match.Groups[1].Value).Where(name => !name.Contains("Fetch", StringComparison.Ordinal)).Distinct())
        {
            if (name is "SameSite" or "HttpOnly") continue;
            Assert.True(sources.Any(source => Regex.IsMatch(source, $@"\b(class|record|struct|interface) {name}\b", RegexOptions.None, TimeSpan.FromSeconds(10))), $"there is no {name}");
        }

        foreach (var path in FileName().Matches(Page).Select(match => match.Groups[1].Value)) Assert.True(File.Exists(Path.Combine(Root, path)), $"there is no {path}");
    }

    [Fact]
    public void Every_threat_says_who_how_which_test_and_what_remains()
    {
        var rows = Page.Split('\n').SkipWhile(line => line != "## Threats").Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal) && !line.StartsWith("| Threat", StringComparison.Ordinal)).ToList();

        Assert.True(rows.Count >= 35, $"only {rows.Count} threats");
        Assert.All(rows, row => Assert.Equal(4, row.Trim('|', ' ').Split(" | ").Length));
        Assert.All(rows, row => Assert.True(TestName().IsMatch(row) || FileName().IsMatch(row), row));
    }

    private static List<string> Sources(string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText),
    ];

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Serverless.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the repository is not above the tests");
    }

    [GeneratedRegex(@"`(?<class>[A-Z][A-Za-z]+(?:Tests|Stories))\.(?<method>[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"`([A-Z][A-Za-z]+)`")]
    private static partial Regex ClassName();

    [GeneratedRegex(@"`([a-z]+(?:/[A-Za-z.]+)+\.cs)`")]
    private static partial Regex FileName();
}
