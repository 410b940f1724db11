using System.Runtime.CompilerServices;
using System.Text.Json;
using Slipway.Embedded.Engine;

namespace Slipway.Scenarios.Golden;

/// <summary>Where recorded histories are kept: <c>STORY.PART.jsonl</c> in the repository's folder tests/Golden.</summary>
internal static class GoldenFolder
{
    /// <summary>The switch that records anew; without it nothing is ever written.</summary>
    public const string Switch = "SLIPWAY_RECORD_GOLDEN";

    private const string Extension = ".jsonl";

    public static bool IsRecording => Environment.GetEnvironmentVariable(Switch) == "1";

    private static string Folder { get; } = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "Golden");

    /// <summary>The stories of which something is kept.</summary>
    public static IReadOnlySet<string> Stories() =>
        Directory.EnumerateFiles(Folder, "*" + Extension).Select(file => Path.GetFileName(file).Split('.')[0]).ToHashSet();

    /// <summary>The histories of a story by their part, in order of the file's name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<HistoryEvent>> Read(string story) =>
        Files(story).ToDictionary(PartOf, file => HistoryJson.FromLines(File.ReadAllText(file)));

    /// <summary>Keeps stories of which nothing is kept yet; what is kept stays as it is.</summary>
    public static void Add(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> stories)
    {
        foreach (var (story, histories) in stories)
        {
            foreach (var (part, lines) in histories) File.WriteAllText(Path.Combine(Folder, $"{story}.{part}{Extension}"), lines);
        }
    }

    /// <summary>Each version of Slipway that is or will be tagged, with the revision of the workflow that its releases begin under.</summary>
    public static IReadOnlyDictionary<string, int> Versions() =>
        JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(Path.Combine(Folder, "versions.json"))) ?? [];

    private static string PartOf(string file) => Path.GetFileName(file).Split('.')[1];

    private static IReadOnlyList<string> Files(string story) =>
        [.. Directory.EnumerateFiles(Folder, $"{story}.*{Extension}").Order(StringComparer.Ordinal)];

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
