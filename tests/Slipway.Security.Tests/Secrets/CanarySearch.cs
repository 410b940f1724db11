using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Core.Ledgers;
using Slipway.Scenarios.World;

namespace Slipway.Security.Tests.Secrets;

/// <summary>Looks for a secret, in whatever form it may have, in whatever a release left behind.</summary>
internal static class CanarySearch
{
    // What was called has to be named somewhere as it is: the address of an effect, of an offer, of a lock, and what is counted by it.
    private static readonly string[] Addresses = ["target", "url", "resource", "entry_id", "effect_id"];

    public static IEnumerable<string> Forms(byte[] secret) =>
        [Base64Url.EncodeToString(secret), Convert.ToBase64String(secret), Convert.ToHexString(secret), Convert.ToHexStringLower(secret), string.Join(',', secret), Encoding.Latin1.GetString(secret)];

    public static void AssertNowhere(string secret, IEnumerable<string> texts)
    {
        var found = texts.Select(text => (Text: text, At: text.IndexOf(secret, StringComparison.Ordinal))).Where(hit => hit.At >= 0)
            .Select(hit => $"{secret} in: {hit.Text[..Math.Min(60, hit.Text.Length)]} … {hit.Text[Math.Max(0, hit.At - 120)..Math.Min(hit.Text.Length, hit.At + 60)]}").Distinct().ToList();
        Assert.True(found.Count == 0, string.Join("\n", found));
    }

    /// <summary>
    /// Every text of a ledger but what the request itself and its plan are, and the members that say by their name that they are an address: sentences,
    /// details, reasons, summaries.
    /// </summary>
    public static List<string> Told(IEnumerable<LedgerEntry> entries)
    {
        var told = new List<string>();
        foreach (var line in entries.Where(entry => entry.Type != "release.created.v1"))
        {
            using var json = JsonDocument.Parse(LedgerLines.Write(line));
            Walk(json.RootElement, line.Type, told);
        }

        return told;
    }

    private static void Walk(JsonElement element, string path, List<string> told)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject().Where(member => !Addresses.Contains(member.Name, StringComparer.OrdinalIgnoreCase)))
                    Walk(member.Value, $"{path}.{member.Name}", told);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Walk(item, path, told);
                break;
            case JsonValueKind.String:
                told.Add($"{path}: {element.GetString()}");
                break;
            default:
                break;
        }
    }

    /// <summary>Every value of every table.</summary>
    public static Task<string> DumpAsync(ReleaseWorld world) => world.Database.WriteAsync(connection =>
    {
        var text = new StringBuilder();
        foreach (var table in Column(connection, "SELECT name FROM sqlite_master WHERE type = 'table'"))
        {
            using var rows = Command(connection, $"SELECT * FROM \"{table}\"").ExecuteReader();
            while (rows.Read())
            {
                for (var column = 0; column < rows.FieldCount; column++)
                    text.Append(rows.GetValue(column) is byte[] bytes ? Encoding.Latin1.GetString(bytes) : rows.GetValue(column)).Append('\n');
            }
        }

        return text.ToString();
    });

    private static List<string> Column(SqliteConnection connection, string query)
    {
        using var rows = Command(connection, query).ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(rows.GetString(0));
        return found;
    }

    private static SqliteCommand Command(SqliteConnection connection, string text)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of tables, from the database itself.
        command.CommandText = text;
#pragma warning restore CA2100
        return command;
    }
}
