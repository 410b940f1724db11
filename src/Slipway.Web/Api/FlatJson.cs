using System.Text.Json;
using Slipway.Core.Requests;

namespace Slipway.Web.Api;

/// <summary>A JSON body that is one flat object of texts and switches, read strictly; every problem at once.</summary>
internal sealed class FlatJson
{
    /// <summary>The longest reason that is recorded, in characters.</summary>
    public const int LongestReason = 1000;

    private const int MaxDepth = 4;

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _on = new(StringComparer.Ordinal);
    private readonly List<RequestProblem> _problems = [];

    /// <summary>What is wrong so far; empty: nothing.</summary>
    public IReadOnlyList<RequestProblem> Problems => _problems;

    /// <summary>Reads a request's body; null when an answer has been written because it is not JSON by its type, or too large.</summary>
    /// <param name="request">The request.</param>
    /// <param name="settings">Limits.</param>
    /// <param name="texts">Members that are strings.</param>
    /// <param name="switches">Members that are true or false.</param>
    public static async Task<FlatJson?> ReadAsync(ApiRequest request, ApiSettings settings, IReadOnlyList<string> texts, params IReadOnlyList<string> switches)
    {
        if (BodyReader.MediaType(request.Http.Request) != "application/json")
        {
            await request.WriteAsync(ApiProblems.WrongMediaType(request.Http.Request.ContentType, "application/json"));
            return null;
        }

        if (await BodyReader.ReadAsync(request.Http.Request, settings.LargestDocument, request.Cancellation) is not { } bytes)
        {
            await request.WriteAsync(ApiProblems.TooLarge(settings.LargestDocument));
            return null;
        }

        var body = new FlatJson();
        body.Read(bytes, texts, switches);
        return body;
    }

    /// <summary>A text, on one line; empty when it was left out.</summary>
    public string Text(string member) =>
        string.Concat(_texts.GetValueOrDefault(member, "").Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();

    /// <summary>Whether a switch is on; off when it was left out.</summary>
    public bool IsOn(string member) => _on.Contains(member);

    /// <summary>A text that must not be blank and not be longer than <see cref="LongestReason"/>.</summary>
    public string Required(string member, string expected)
    {
        var text = Bounded(member);
        if (text.Length == 0) Refuse(member, "nothing", expected);
        return text;
    }

    /// <summary>A text that may be blank and must not be longer than <see cref="LongestReason"/>.</summary>
    public string Bounded(string member)
    {
        var text = Text(member);
        if (text.Length > LongestReason) Refuse(member, $"{text.Length} characters", $"at most {LongestReason}");
        return text;
    }

    /// <summary>Adds a problem.</summary>
    public void Refuse(string member, string found, string expected) => _problems.Add(RequestProblem.At(member, found, expected));

    private void Read(byte[] json, IReadOnlyList<string> texts, IReadOnlyList<string> switches)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                Refuse("", $"a JSON {document.RootElement.ValueKind}", "a JSON object");
                return;
            }

            if (JsonProblem.OfSize(document.RootElement) is { } size)
            {
                _problems.Add(size);
                return;
            }

            string[] members = [.. texts, .. switches];
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!members.Contains(member.Name)) _problems.Add(RequestProblem.At(member.Name, "an unknown member", $"one of {string.Join(", ", members)}", NearestName.Of(member.Name, members)));
                else if (!seen.Add(member.Name)) Refuse(member.Name, "the member a second time", "each member once");
                else if (texts.Contains(member.Name)) ReadText(member);
                else if (member.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Refuse(member.Name, $"a JSON {member.Value.ValueKind}", "true or false");
                else if (member.Value.GetBoolean()) _on.Add(member.Name);
            }
        }
        catch (Exception error) when (JsonProblem.IsTold(error))
        {
            _problems.Add(JsonProblem.Of(error, "a JSON object"));
        }
    }

    private void ReadText(JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.String) _texts[member.Name] = member.Value.GetString()!;
        else if (member.Value.ValueKind != JsonValueKind.Null) Refuse(member.Name, $"a JSON {member.Value.ValueKind}", "a string");
    }
}
