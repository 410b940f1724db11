using System.Collections.Concurrent;
using Slipway.Core.Requests;

namespace Slipway.Azure.Metrics;

/// <summary>
/// Whether the queries of a release file give the columns that they have to: asked once for each text, in one question, before they are
/// used. Otherwise a wrong one would show as an error in a query that nobody wrote.
/// </summary>
internal sealed class OwnQueryCheck
{
    private static readonly string[] Numbers = ["int", "long", "real", "decimal"];

    private readonly ConcurrentDictionary<string, bool> _good = new();

    /// <summary>Throws <see cref="LogTableException"/> when a query gives other columns, <see cref="LogsQueryException"/> when the workspace says
    /// that one is wrong.</summary>
    public async Task CheckAsync(WatchQuery query, Func<string, Task<LogTable>> ask)
    {
        if (query.Watch.Queries.Count == 0) return;
        var text = Write(query);
        var key = $"{query.Watch.Workspace}\n{text}";
        if (_good.ContainsKey(key)) return;

        var table = await ask(text);
        foreach (var name in query.Watch.Queries.Keys.Order(StringComparer.Ordinal)) Check(name, query, Columns(table, name));
        _good[key] = true;
    }

    private static string Write(WatchQuery query)
    {
        var queries = query.Watch.Queries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Index().ToList();
        var functions = queries.Select(entry => KqlRequests.Function($"Own{entry.Index}", entry.Item.Value));
        var schemas = queries.Select(entry => $"(Own{entry.Index}() | getschema | project Query = {KqlText.Of(entry.Item.Key)}, ColumnName, ColumnType)");
        return $"{string.Join('\n', functions)}\nunion\n{string.Join(",\n", schemas)}";
    }

    private static Dictionary<string, string> Columns(LogTable table, string query)
    {
        var names = table.Columns.Select(column => column.Name).ToList();
        var (of, name, type) = (names.IndexOf("Query"), names.IndexOf("ColumnName"), names.IndexOf("ColumnType"));
        if (of < 0 || name < 0 || type < 0) throw new LogTableException($"a schema has the columns {string.Join(", ", names)}; expected Query, ColumnName and ColumnType");
        return table.Rows.Where(row => row[of] as string == query).ToDictionary(row => row[name] as string ?? "", row => row[type] as string ?? "", StringComparer.Ordinal);
    }

    private static void Check(string name, WatchQuery query, Dictionary<string, string> columns)
    {
        var requests = name == TelemetrySpec.RequestsQuery;
        Require("TimeGenerated", "datetime");
        if (requests) Require("Success", "bool");
        if (requests) Require("DurationMs", Numbers);
        else Require("Value", Numbers);
        if (requests || query.Logs.Kpis.Contains(name)) Require("Arm", "string", "bool");

        void Require(string column, params string[] types)
        {
            if (columns.TryGetValue(column, out var type) && types.Contains(type)) return;
            var found = columns.Count == 0 ? "no columns" : string.Join(", ", columns.Select(entry => $"{entry.Key} {entry.Value}"));
            throw new LogTableException($"the query telemetry.queries.{name} gives {found}; expected {column} of type {string.Join(" or ", types)}");
        }
    }
}
