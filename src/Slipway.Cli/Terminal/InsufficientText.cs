using System.Text.Json;

namespace Slipway.Cli.Terminal;

/// <summary>The contract's <c>insufficient_context</c> object in plain lines: what is missing, what blocks, and the one next step.</summary>
internal static class InsufficientText
{
    public static void Write(TextWriter writer, string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        WriteList(writer, root, "missing", "Missing");
        WriteList(writer, root, "deployment_blockers", "Blocks the release");
        if (root.TryGetProperty("next_best_step", out var next) && next.ValueKind == JsonValueKind.String)
            writer.WriteLine($"Next step: {Printable.Line(next.GetString()!)}");
    }

    private static void WriteList(TextWriter writer, JsonElement root, string member, string title)
    {
        if (!root.TryGetProperty(member, out var items) || items.ValueKind != JsonValueKind.Array || items.GetArrayLength() == 0)
            return;
        writer.WriteLine($"{title}:");
        foreach (var item in items.EnumerateArray())
            writer.WriteLine($"  - {Printable.Line(item.ToString())}");
    }
}
