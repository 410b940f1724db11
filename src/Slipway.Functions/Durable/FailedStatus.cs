using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Functions.Durable;

/// <summary>
/// The status of an orchestration whose code has failed. It shows before the platform says <c>Failed</c>, which it does only when the last
/// child has ended; a release whose orchestration is dead must not wait for that.
/// </summary>
/// <param name="Failed">What the code threw.</param>
public sealed record FailedStatus([property: JsonPropertyName(FailedStatus.Member)] string Failed)
{
    private const string Member = "$failed";
    private const int MostCharacters = 2000;

    /// <summary>The status of a failure.</summary>
    public static FailedStatus Of(Exception error)
    {
        var text = $"{error.GetType().FullName}: {error.Message}";
        return new FailedStatus(text.Length <= MostCharacters ? text : text[..MostCharacters]);
    }

    /// <summary>Whether an orchestration's status, as stored, is this one.</summary>
    public static bool IsIn(string? status)
    {
        if (status is null || !status.Contains(Member, StringComparison.Ordinal)) return false;
        using var json = JsonDocument.Parse(status);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(Member, out _);
    }
}
