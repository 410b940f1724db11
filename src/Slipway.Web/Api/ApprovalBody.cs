using System.Text.Json;
using Slipway.Core.Approvals;
using Slipway.Core.Requests;

namespace Slipway.Web.Api;

/// <summary>What somebody posts to an approval link.</summary>
/// <param name="Choice">Approve or reject.</param>
/// <param name="Comment">In their words, on one line; may be empty.</param>
/// <param name="Confirm">The word that shows that it is meant; may be empty, and then does nothing.</param>
internal sealed record ApprovalBody(ApprovalChoice Choice, string Comment, string Confirm)
{
    public const int LongestComment = 1000;
    private const int MaxDepth = 4;
    private static readonly string[] Members = ["decision", "comment", "confirm"];
    private static readonly string[] Decisions = ["approve", "reject"];

    /// <summary>Reads the JSON body; null exactly when there are problems. Pure; every problem at once.</summary>
    public static (ApprovalBody? Body, IReadOnlyList<RequestProblem> Problems) Read(byte[] json)
    {
        var problems = new List<RequestProblem>();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return (null, [RequestProblem.At("", $"a JSON {document.RootElement.ValueKind}", "a JSON object with 'decision' and 'confirm'")]);
            if (JsonProblem.OfSize(document.RootElement) is { } size) return (null, [size]);
            var body = Read(document.RootElement, problems);
            return (problems.Count == 0 ? body : null, problems);
        }
        catch (Exception error) when (JsonProblem.IsTold(error))
        {
            return (null, [JsonProblem.Of(error, "a JSON object with 'decision' and 'confirm'")]);
        }
    }

    private static ApprovalBody Read(JsonElement root, List<RequestProblem> problems)
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

        var decision = texts.GetValueOrDefault("decision", "");
        if (!Decisions.Contains(decision))
            problems.Add(RequestProblem.At("decision", decision.Length == 0 ? "nothing" : $"'{(decision.Length > 60 ? decision[..60] + "…" : decision)}'", "approve or reject", NearestName.Of(decision, Decisions)));
        var comment = texts.GetValueOrDefault("comment", "");
        if (comment.Length > LongestComment)
            problems.Add(RequestProblem.At("comment", $"{comment.Length} characters", $"at most {LongestComment}"));
        var line = string.Concat(comment.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return new ApprovalBody(decision == "reject" ? ApprovalChoice.Reject : ApprovalChoice.Approve, line, texts.GetValueOrDefault("confirm", ""));
    }
}
