using System.Text.Json;
using Slipway.Core.Requests;

namespace Slipway.Web.Api;

/// <summary>What is wrong with a JSON body that cannot be read at all.</summary>
internal static class JsonProblem
{
    /// <summary>No body has half as many members; who sends more gets one problem and not one for each.</summary>
    private const int MostMembers = 50;

    private const int LongestName = 100;

    /// <summary>What is wrong with an object of far too many members, or with names that go on; null: nothing.</summary>
    public static RequestProblem? OfSize(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        if (root.GetPropertyCount() is > MostMembers and var count) return RequestProblem.At("", $"an object of {count} members", $"at most {MostMembers}");
        foreach (var name in root.EnumerateObject().Select(member => member.Name))
        {
            if (name.Length > LongestName) return RequestProblem.At(name[..LongestName], $"a member whose name has {name.Length} characters", $"names of at most {LongestName}");
        }

        return null;
    }

    /// <summary>Whether an error says so. The second kind is what broken Unicode causes, and only when a text is read out of the parsed document.</summary>
    public static bool IsTold(Exception error) => error is JsonException or InvalidOperationException;

    /// <summary>The problem, with its place where that is known.</summary>
    /// <param name="error">One that <see cref="IsTold"/>.</param>
    /// <param name="expected">What the body should be.</param>
    public static RequestProblem Of(Exception error, string expected) => error is JsonException broken
        ? new RequestProblem("", (int)(broken.LineNumber ?? 0) + 1, (int)(broken.BytePositionInLine ?? 0) + 1, "text that is not JSON, or nested too deep", expected)
        : RequestProblem.At("", "a text that is not Unicode", expected);
}
