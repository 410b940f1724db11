using System.Text.Json;
using Slipway.Core.Serialization;

namespace Slipway.Embedded.Engine;

/// <summary>History as JSON lines: how it is stored, exported, and kept as a recorded history that must go on replaying.</summary>
public static class HistoryJson
{
    /// <summary>One event on one line.</summary>
    public static string ToLine(HistoryEvent line) => JsonSerializer.Serialize(line, SlipwayJson.Options);

    /// <summary>Reads one line. Throws <see cref="JsonException"/> when it is not an event.</summary>
    public static HistoryEvent FromLine(string line) =>
        JsonSerializer.Deserialize<HistoryEvent>(line, SlipwayJson.Options) ?? throw new JsonException("A history event is expected, null was found.");

    /// <summary>A whole history, one event a line, each line ended by a line feed.</summary>
    public static string ToLines(IEnumerable<HistoryEvent> history) => string.Concat(history.Select(line => ToLine(line) + "\n"));

    /// <summary>Reads a whole history; empty lines are skipped. Throws <see cref="JsonException"/> naming the line that is not an event.</summary>
    public static IReadOnlyList<HistoryEvent> FromLines(string text)
    {
        var history = new List<HistoryEvent>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                history.Add(FromLine(line));
            }
            catch (JsonException error)
            {
                throw new JsonException($"Line {number} is not a history event: {error.Message}", error);
            }
        }

        return history;
    }
}
