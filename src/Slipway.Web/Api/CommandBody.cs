using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Web.Api;

/// <summary>Reads the JSON body of a command. Pure; every problem at once.</summary>
internal static partial class CommandBody
{
    public const int LongestReason = 1000;
    public const string IdExpected = "1 to 100 of letters, digits, '.', '_', ':' and '-'";
    private const int MaxDepth = 4;
    public static readonly TimeSpan LongestExtension = TimeSpan.FromDays(7);
    private static readonly string[] Members = ["id", "kind", "reason", "duration"];

    private static readonly Dictionary<string, ReleaseCommandKind> Kinds = new(StringComparer.Ordinal)
    {
        ["pause"] = ReleaseCommandKind.Pause,
        ["resume"] = ReleaseCommandKind.Resume,
        ["promote"] = ReleaseCommandKind.Promote,
        ["extend"] = ReleaseCommandKind.Extend,
        ["rollback"] = ReleaseCommandKind.RollBack,
        ["roll_back"] = ReleaseCommandKind.RollBack,
        ["abort"] = ReleaseCommandKind.Abort,
        ["acknowledge_notices"] = ReleaseCommandKind.AcknowledgeNotices,
    };

    /// <summary>Reads a command; null exactly when there are problems. <paramref name="standardId"/> is used when the body has no id.</summary>
    public static (ReleaseCommand? Command, IReadOnlyList<RequestProblem> Problems) Read(byte[] body, string actor, string standardId)
    {
        var problems = new List<RequestProblem>();
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (JsonProblem.OfSize(document.RootElement) is { } size) return (null, [size]);
            var command = document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement, actor, standardId, problems)
                : null;
            if (command is null && problems.Count == 0)
                problems.Add(RequestProblem.At("", $"a JSON {document.RootElement.ValueKind}", "a JSON object with 'kind'"));
            return (problems.Count == 0 ? command : null, problems);
        }
        catch (Exception error) when (JsonProblem.IsTold(error))
        {
            return (null, [JsonProblem.Of(error, "a JSON object with 'kind'")]);
        }
    }

    private static ReleaseCommand? Read(JsonElement root, string actor, string standardId, List<RequestProblem> problems)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject())
        {
            if (!Members.Contains(member.Name))
                problems.Add(RequestProblem.At(member.Name, "an unknown member", $"one of {string.Join(", ", Members)}", NearestName.Of(member.Name, Members)));
            else if (member.Value.ValueKind != JsonValueKind.String)
                problems.Add(RequestProblem.At(member.Name, $"a JSON {member.Value.ValueKind}", "a string"));
            else if (!texts.TryAdd(member.Name, member.Value.GetString()!))
                problems.Add(RequestProblem.At(member.Name, "the member a second time", "each member once"));
        }

        var id = texts.GetValueOrDefault("id", standardId);
        if (!IsId(id))
            problems.Add(RequestProblem.At("id", Quote(id), IdExpected));
        var reason = texts.GetValueOrDefault("reason", "");
        if (reason.Length > LongestReason)
            problems.Add(RequestProblem.At("reason", $"{reason.Length} characters", $"at most {LongestReason}"));
        var kindText = texts.GetValueOrDefault("kind", "");
        if (!Kinds.TryGetValue(kindText, out var kind))
            problems.Add(RequestProblem.At("kind", kindText.Length == 0 ? "nothing" : Quote(kindText), $"one of {string.Join(", ", Kinds.Keys)}", NearestName.Of(kindText, Kinds.Keys)));
        var duration = Duration(texts, kind, problems);
        return problems.Count > 0 ? null : new ReleaseCommand(id, kind, actor, OneLine(reason)) { Duration = duration };
    }

    private static TimeSpan? Duration(Dictionary<string, string> texts, ReleaseCommandKind kind, List<RequestProblem> problems)
    {
        const string Expected = "a duration above zero and up to 7 days, for example 30m or 2h";
        var stated = texts.TryGetValue("duration", out var text);
        if (kind != ReleaseCommandKind.Extend)
        {
            if (stated)
                problems.Add(RequestProblem.At("duration", Quote(text!), "no duration: only 'extend' has one"));
            return null;
        }

        if (stated && DurationText.TryParse(text, out var duration) && duration > TimeSpan.Zero && duration <= LongestExtension)
            return duration;
        problems.Add(RequestProblem.At("duration", stated ? Quote(text!) : "nothing", Expected));
        return null;
    }

    /// <summary>Whether a text can be the id of what a person asks for or tells.</summary>
    public static bool IsId(string id) => IdForm().IsMatch(id);

    public static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();

    public static string Quote(string text) => $"'{(text.Length > 60 ? text[..60] + "…" : text)}'";

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,100}\z")]
    private static partial Regex IdForm();
}
