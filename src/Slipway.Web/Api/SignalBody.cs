using System.Text.Json;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Web.Api;

/// <summary>What a person tells: a report, or an answer to an evaluation. Exactly one of both is set.</summary>
internal sealed record Told(string Id, ReleaseSignal? Signal, EvaluationAnswer? Answer);

/// <summary>Reads the JSON body of a report or of an answer to an evaluation. Pure; every problem at once.</summary>
internal static class SignalBody
{
    private const int MaxDepth = 4;
    private const int MostComplaints = 1_000_000;
    private static readonly string[] Kinds = ["complaints", "incident", "data_loss", "outage", "observation", "done", "lesson", "answer"];
    private static readonly string[] Severities = ["security", "critical", "moderate"];
    private static readonly string[] Verdicts = ["confirm", "dismiss"];

    /// <summary>The members that each kind has beside <c>id</c>, <c>kind</c> and <c>text</c>.</summary>
    private static readonly Dictionary<string, string[]> Members = new(StringComparer.Ordinal)
    {
        ["complaints"] = ["count"],
        ["incident"] = ["severity"],
        ["data_loss"] = [],
        ["outage"] = [],
        ["observation"] = [],
        ["done"] = ["task"],
        ["lesson"] = [],
        ["answer"] = ["evaluation", "verdict"],
    };

    /// <summary>Reads; null exactly when there are problems. <paramref name="standardId"/> is used when the body has no id.</summary>
    public static (Told? Told, IReadOnlyList<RequestProblem> Problems) Read(byte[] body, string actor, string standardId)
    {
        var problems = new List<RequestProblem>();
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return (null, [RequestProblem.At("", $"a JSON {document.RootElement.ValueKind}", "a JSON object with 'kind'")]);
            if (JsonProblem.OfSize(document.RootElement) is { } size) return (null, [size]);
            var told = Read(document.RootElement, actor, standardId, problems);
            return (problems.Count == 0 ? told : null, problems);
        }
        catch (Exception error) when (JsonProblem.IsTold(error))
        {
            return (null, [JsonProblem.Of(error, "a JSON object with 'kind'")]);
        }
    }

    private static Told? Read(JsonElement root, string actor, string standardId, List<RequestProblem> problems)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject())
        {
            if (!members.TryAdd(member.Name, member.Value))
                problems.Add(RequestProblem.At(member.Name, "the member a second time", "each member once"));
        }

        var kind = Word("kind", Kinds);
        string[] known = ["id", "kind", "text", .. kind is null ? Members.Values.SelectMany(names => names) : Members[kind]];
        foreach (var name in members.Keys.Where(name => !known.Contains(name)))
            problems.Add(RequestProblem.At(name, $"an unknown member{(kind is null ? "" : $" of kind '{kind}'")}", $"one of {string.Join(", ", known)}", NearestName.Of(name, known)));

        var id = Text("id", 100) is { Length: > 0 } given ? given : standardId;
        if (!CommandBody.IsId(id))
            problems.Add(RequestProblem.At("id", CommandBody.Quote(id), CommandBody.IdExpected));
        var text = CommandBody.OneLine(Text("text", CommandBody.LongestReason));
        return kind switch
        {
            null => null,
            "complaints" => new Told(id, new ReleaseSignal(id, ReleaseSignalKind.Complaints, actor, text) { Count = Count() }, null),
            "incident" => new Told(id, new ReleaseSignal(id, ReleaseSignalKind.Incident, actor, text) { Severity = Enum.TryParse<IncidentSeverity>(Word("severity", Severities), true, out var severity) ? severity : null }, null),
            "data_loss" => new Told(id, new ReleaseSignal(id, ReleaseSignalKind.DataLoss, actor, text), null),
            "outage" => new Told(id, new ReleaseSignal(id, ReleaseSignalKind.Outage, actor, text), null),
            "observation" => new Told(id, new ReleaseSignal(id, ReleaseSignalKind.Observation, actor, Seen("what was seen")), null),
            "lesson" => new Told(id, new ReleaseSignal(id, ReleaseSignalKind.Lesson, actor, Seen("what was learned")), null),
            "done" => new Told(id, new ReleaseSignal(id, ReleaseSignalKind.Done, actor, text) { Task = Task() }, null),
            _ => new Told(id, null, new EvaluationAnswer(id, Evaluation(), Word("verdict", Verdicts) == "confirm" ? EvaluationVerdict.Confirm : EvaluationVerdict.Dismiss, actor, text)),
        };

        string Seen(string expected)
        {
            if (text.Trim().Length == 0) problems.Add(RequestProblem.At("text", "nothing", expected));
            return text;
        }

        string Task()
        {
            var task = Text("task", 40).Trim();
            if (task.Length == 0) problems.Add(RequestProblem.At("task", "nothing", "the task's word, for example verify"));
            return task;
        }

        string Evaluation()
        {
            var evaluation = Text("evaluation", 20).Trim();
            if (evaluation.Length == 0) problems.Add(RequestProblem.At("evaluation", "nothing", "the evaluation's id, for example e1"));
            return evaluation;
        }

        int Count()
        {
            if (members.TryGetValue("count", out var count) && count.ValueKind == JsonValueKind.Number && count.TryGetInt32(out var number) && number is >= 1 and <= MostComplaints) return number;
            problems.Add(RequestProblem.At("count", members.ContainsKey("count") ? CommandBody.Quote(count.GetRawText()) : "nothing", $"a whole number from 1 to {MostComplaints}"));
            return 0;
        }

        string Text(string name, int longest)
        {
            if (!members.TryGetValue(name, out var member)) return "";
            if (member.ValueKind != JsonValueKind.String)
            {
                problems.Add(RequestProblem.At(name, $"a JSON {member.ValueKind}", "a string"));
                return "";
            }

            var value = member.GetString()!;
            if (value.Length > longest) problems.Add(RequestProblem.At(name, $"{value.Length} characters", $"at most {longest}"));
            return value;
        }

        string? Word(string name, string[] words)
        {
            var value = Text(name, 40);
            if (words.Contains(value)) return value;
            problems.Add(RequestProblem.At(name, value.Length == 0 ? "nothing" : CommandBody.Quote(value), $"one of {string.Join(", ", words)}", NearestName.Of(value, words)));
            return null;
        }
    }
}
