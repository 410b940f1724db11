using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.Infrastructure.Check;

/// <summary>The files that are looked at, by paths from the root.</summary>
internal sealed partial class Repository
{
    private readonly string _root;

    private Repository(string root)
    {
        _root = root;
        Templates = [.. Files("infra", "*.bicep")];
        Readme = new Markdown(Text("infra/README.md"));
    }

    public IReadOnlyList<string> Templates { get; }

    public Markdown Readme { get; }

    public static Repository Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "azure.yaml"))) return new Repository(folder.FullName);
        throw new InvalidOperationException($"There is no azure.yaml above {from}.");
    }

    public string Full(string path) => Path.Combine(_root, path);

    public bool Has(string folder) => Directory.Exists(Full(folder));

    public string Text(string path) => File.ReadAllText(Full(path));

    public JsonElement Json(string path) => JsonDocument.Parse(Text(path)).RootElement;

    public IEnumerable<string> Files(string folder, string pattern) => !Has(folder) ? [] : Directory
        .EnumerateFiles(Full(folder), pattern, SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(_root, path).Replace('\\', '/'))
        .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>What string literals of the product's Azure projects match.</summary>
    public IReadOnlySet<string> InCode(Regex pattern) => Files("src/Slipway.Functions", "*.cs").Concat(Files("src/Slipway.Azure", "*.cs"))
        .SelectMany(path => pattern.Matches(Text(path)).Select(static match => match.Groups[1].Value))
        .ToHashSet();
}
