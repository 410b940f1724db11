using System.Text.Json;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;
using Slipway.Fuzz.Running;
using Slipway.Web.Requests;

namespace Slipway.Fuzz.Targets;

/// <summary>The reader of requests in one notation, from bytes to the request or its problems; a request that was read must survive the ledger's JSON.</summary>
/// <param name="name">The target's name.</param>
/// <param name="mediaType">The notation.</param>
internal sealed class RequestTarget(string name, string mediaType) : IFuzzTarget
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<string> Words { get; } =
    [
        "release", "title", "version", "flags", "stages", "percentage", "bake", "guardrails", "error_rate", "limit", "triggers", "approvals", "quorum", "environments", "regions",
        "telemetry", "queries", "rollback", "hook", "communications", "windows", "freezes", "start_at", "measurements", "tolerance", "30m", "1%", "2026-12-01T09:00:00Z",
        "Tue-Thu 10:00-14:00 Europe/Berlin", "https://example.com/x", "CONTEXT", "TASK", "# ", "Traffic: 900 rps", "  ", "* ", "1. ", "**",
    ];

    /// <inheritdoc/>
    public string Read(byte[] input)
    {
        var document = RequestFile.Parse(input, mediaType);
        if (document.Root is null == (document.Problems.Count == 0)) throw new BrokenPromiseException("neither a tree nor a problem");
        var reading = ReleaseRequestReader.Read(document);
        if (reading.Request is null == (reading.Problems.Count == 0)) throw new BrokenPromiseException("neither a request nor a problem");
        if (reading.Problems.Count > RequestLimits.MaxProblems + 1) throw new BrokenPromiseException("more problems than are listed");
        foreach (var problem in reading.Problems)
        {
            if (problem.Line < 0 || problem.Column < 0) throw new BrokenPromiseException("a problem at no place");
        }

        if (document.Root is RequestMapping mapping && mediaType.EndsWith("yaml", StringComparison.Ordinal)) TreePrint.CheckRoundTrip(mapping);
        if (reading.Request is not { } request) return string.Join(' ', reading.Problems.Take(3).Select(problem => $"{Pathless(problem.Path)}:{Words4(problem.Expected)}"));
        var json = JsonSerializer.Serialize(request, SlipwayJson.Options);
        var again = JsonSerializer.Serialize(JsonSerializer.Deserialize<ReleaseRequest>(json, SlipwayJson.Options), SlipwayJson.Options);
        return json == again ? $"read {request.Strategy} {Shape(document.Root)}" : throw new BrokenPromiseException("the ledger's JSON gives another request");
    }

    private static string Shape(RequestNode? root) => root is not RequestMapping mapping ? "" : string.Join(
        ' ', mapping.Entries.Take(8).Select(entry => $"{Pathless(entry.Key)}:{(entry.Value is RequestMapping inner ? string.Join(',', inner.Entries.Take(8).Select(one => Pathless(one.Key))) : "")}"));

    /// <summary>The path without positions and without what a file names itself.</summary>
    private static string Pathless(string path) => string.Concat(path.Take(24).Where(letter => char.IsAsciiLetterLower(letter) || letter is '.' or '_'));

    private static string Words4(string text) => string.Join(' ', text.Split(' ').Take(4).Where(word => word.All(char.IsAsciiLetter)));
}
