using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Risk;

/// <summary>
/// Tells the kind of a changed file. The riskier of two counts: what its stated area names, and what its path shows, so that a stated area
/// never makes light of a path. Neither known: <see cref="ChangeKind.Source"/>. A path shows, first match first: a test (its folder is
/// test, tests, spec, specs, e2e or __tests__ or ends in Tests, or its name ends so); a document; a list of packages; the riskiest kind
/// that its folders name; configuration by its ending; the riskiest kind that the words of its file name name.
/// </summary>
public static partial class FileKind
{
    private static readonly FrozenSet<string> TestFolders = new[] { "test", "tests", "spec", "specs", "e2e", "__tests__" }.ToFrozenSet();
    private static readonly FrozenSet<string> Documents = new[] { "md", "mdx", "rst", "adoc" }.ToFrozenSet();
    private static readonly FrozenSet<string> DocumentsAmongThem = new[] { "txt", "png", "jpg", "svg", "pdf", "drawio" }.ToFrozenSet();
    private static readonly FrozenSet<string> Settings = new[] { "json", "yaml", "yml", "toml", "ini", "env", "config", "properties", "xml" }.ToFrozenSet();

    private static readonly FrozenSet<string> Packages = new[]
    {
        "package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "go.mod", "go.sum", "requirements.txt", "poetry.lock", "pyproject.toml",
        "cargo.toml", "cargo.lock", "pom.xml", "build.gradle", "gemfile", "gemfile.lock", "directory.packages.props", "packages.lock.json",
    }.ToFrozenSet();

    private static readonly FrozenDictionary<string, ChangeKind> ByWord =
        ChangeKinds.All.SelectMany(rule => rule.Words.Select(word => KeyValuePair.Create(word, rule.Kind))).ToFrozenDictionary();

    /// <summary>Words that mean too much to be taken from a path: <c>data</c> is a folder of almost anything.</summary>
    private static readonly FrozenSet<string> OnlyAsArea = new[]
    {
        "test", "testing", "doc", "flag", "flags", "read", "type", "view", "views", "style", "source", "data", "database", "global", "session", "sessions", "query", "queries", "pipeline", "settings",
    }.ToFrozenSet();

    /// <summary>The kind of a file.</summary>
    public static ChangeKind Of(FileChange file)
    {
        var stated = Stated(file.Area);
        var shown = Shown(file.Path);
        return (stated, shown) switch
        {
            ({ } area, { } path) => Risk(path, file.Action) > Risk(area, file.Action) ? path : area,
            _ => stated ?? shown ?? ChangeKind.Source,
        };
    }

    /// <summary>The risk of a kind when it is active. Of a migration, the least it can have.</summary>
    public static ChangeRisk Risk(ChangeKind kind, FileAction action) =>
        action == FileAction.New ? ChangeKinds.Of(kind).WhenNew : ChangeKinds.Of(kind).WhenChanged;

    private static ChangeKind? Stated(string area) =>
        ByWord.TryGetValue(area.Trim().ToLowerInvariant().Replace('-', '_').Replace(' ', '_'), out var kind) ? kind : null;

    private static ChangeKind? Shown(string path)
    {
        var parts = path.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0) return null;
        var (folders, name) = (parts[..^1], parts[^1]);
        var lower = name.ToLowerInvariant();
        var ending = lower[(lower.LastIndexOf('.') + 1)..];
        var stem = name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : name;
        if (folders.Any(IsTestFolder) || IsTestName(stem)) return ChangeKind.Test;
        var among = folders.Any(folder => folder.ToLowerInvariant() is "docs" or "doc");
        if (Documents.Contains(ending) || (among && DocumentsAmongThem.Contains(ending)) || lower is "license" or "changelog" or "readme") return ChangeKind.Documentation;
        if (Packages.Contains(lower) || ending is "csproj" or "fsproj") return ChangeKind.Dependency;
        if (lower.StartsWith("dockerfile", StringComparison.Ordinal) || ending is "tf" or "bicep" || folders.Contains(".github")) return ChangeKind.Infrastructure;
        return Riskiest(folders.SelectMany(Words)) ?? (Settings.Contains(ending) ? ChangeKind.Configuration : Riskiest(Words(stem)));
    }

    private static ChangeKind? Riskiest(IEnumerable<string> words)
    {
        var kinds = words.Where(word => !OnlyAsArea.Contains(word) && ByWord.ContainsKey(word)).Select(word => ByWord[word]).ToList();
        return kinds.Count == 0 ? null : kinds.MaxBy(kind => ChangeKinds.Of(kind).WhenChanged);
    }

    private static bool IsTestFolder(string folder) => TestFolders.Contains(folder.ToLowerInvariant()) || Words(folder).LastOrDefault() == "tests";

    private static bool IsTestName(string stem) =>
        stem.EndsWith("Tests", StringComparison.Ordinal) || stem.EndsWith("Test", StringComparison.Ordinal)
        || stem.EndsWith(".test", StringComparison.OrdinalIgnoreCase) || stem.EndsWith(".spec", StringComparison.OrdinalIgnoreCase) || stem.EndsWith("_test", StringComparison.OrdinalIgnoreCase)
        || stem.StartsWith("test_", StringComparison.OrdinalIgnoreCase);

    /// <summary>The words of <c>Shop.PaymentsCore</c>: shop, payments, core.</summary>
    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(match => match.Value.ToLowerInvariant());

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Word();
}
