using System.Globalization;
using System.Text.Json;
using Slipway.Core.Requests;

namespace Slipway.Embedded.Telemetry;

/// <summary>A JSON value with its path, which reports what it is not and then reads as something harmless.</summary>
internal readonly struct TelemetryNode(JsonElement element, string path, List<RequestProblem> problems)
{
    private const string ACount = "a whole number from 0 to 1000000000";

    public bool Has(string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out _);

    public void Report(string member, string found, string expected, string? suggestion = null) => problems.Add(
        RequestProblem.At(path.Length == 0 || member.Length == 0 ? path + member : $"{path}.{member}", found, expected, suggestion));

    public bool IsObject(string expected, IReadOnlyCollection<string> members)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Report("", Found(), expected);
            return false;
        }

        foreach (var member in element.EnumerateObject().Where(member => !members.Contains(member.Name)))
        {
            var name = Shorten(member.Name);
            Report(name, "an unknown member", $"one of {string.Join(", ", members)}", NearestName.Of(name, members));
        }

        return true;
    }

    public string Text(string name)
    {
        var node = Child(name);
        return node is { } found ? found.Text() : Missing(name, "a text", "");
    }

    public long Count(string name, bool required = false) =>
        Child(name) is { } found ? found.Count() : required ? Missing(name, ACount, 0L) : 0;

    public double Number(string name, bool atLeastZero = false) =>
        Child(name) is { } found ? found.Number(atLeastZero) : Missing(name, "a number", 0.0);

    public DateTimeOffset Moment(string name, DateTimeOffset latest)
    {
        const string Expected = "a time with its offset, such as 2026-12-01T09:00:00Z";
        if (Child(name) is not { } found) return Missing(name, Expected, latest);
        if (found.String() is not { } text || !HasOffset(text)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
            || moment < DateTimeOffset.UnixEpoch)
        {
            Report(name, found.Found(), Expected);
            return latest;
        }

        if (moment > latest) Report(name, text, $"a time up to {latest.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}; is the sender's clock right?");
        return moment;
    }

    public IReadOnlyList<TelemetryNode> Items(string name, int most, bool required = false)
    {
        if (Child(name) is not { } found) return required ? Missing<IReadOnlyList<TelemetryNode>>(name, "an array", []) : [];
        return found.Items(most);
    }

    public IEnumerable<string> Texts(string name) => Items(name, TelemetryBatchReader.MaxItems).Select(item => item.Text());

    public IReadOnlyList<(string Name, TelemetryNode Value)> Members(string name)
    {
        if (Child(name) is not { } found) return [];
        return found.Members();
    }

    public double Number(bool atLeastZero)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value)
            && double.IsFinite(value) && !(atLeastZero && value < 0))
        {
            return value;
        }

        Report("", Found(), atLeastZero ? "a number of 0 or more" : "a number");
        return 0;
    }

    public long Count()
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value)
            && value is >= 0 and <= TelemetryBatchReader.MaxCount)
        {
            return value;
        }

        Report("", Found(), ACount);
        return 0;
    }

    private string? String() => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    private string Text()
    {
        if (String() is { Length: > 0 and <= TelemetryBatchReader.MaxText } text) return text;
        Report("", Found(), $"a text of 1 to {TelemetryBatchReader.MaxText} characters");
        return "";
    }

    private TelemetryNode? Child(string name) =>
        element.TryGetProperty(name, out var child) ? new TelemetryNode(child, path.Length == 0 ? name : $"{path}.{name}", problems) : null;

    private IReadOnlyList<TelemetryNode> Items(int most)
    {
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > most)
        {
            Report("", element.ValueKind == JsonValueKind.Array ? $"{element.GetArrayLength()} items" : Found(), $"an array of at most {most}");
            return [];
        }

        var (at, all) = (path, problems);
        return [.. element.EnumerateArray().Select((item, index) => new TelemetryNode(item, $"{at}[{index}]", all))];
    }

    private List<(string Name, TelemetryNode Value)> Members()
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Report("", Found(), "an object");
            return [];
        }

        var (at, all) = (path, problems);
        var members = element.EnumerateObject()
            .Select(member => (member.Name, new TelemetryNode(member.Value, $"{at}.{Shorten(member.Name)}", all)))
            .ToList();
        if (members.Count <= TelemetryBatchReader.MaxItems
            && members.TrueForAll(member => member.Name.Length is > 0 and <= TelemetryBatchReader.MaxText))
        {
            return members;
        }

        Report(
            "",
            $"{members.Count} members",
            $"at most {TelemetryBatchReader.MaxItems}, with names of 1 to {TelemetryBatchReader.MaxText} characters");
        return [];
    }

    private T Missing<T>(string name, string expected, T instead)
    {
        Report(name, "nothing", expected);
        return instead;
    }

    private string Found() => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => Shorten(element.GetRawText()),
    };

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";

    // Without an offset a time would be read in the server's zone, which is not the sender's.
    private static bool HasOffset(string text) =>
        text.EndsWith('Z') || text.EndsWith('z') || (text.Length > 16 && text[^6] is '+' or '-' && text[^3] == ':');
}
