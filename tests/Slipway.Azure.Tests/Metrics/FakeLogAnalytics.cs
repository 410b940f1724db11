using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Azure.Metrics;
using Slipway.Azure.Tests.Loopback;

namespace Slipway.Azure.Tests.Metrics;

/// <summary>
/// The documented protocol of the query service. It runs no KQL: what a query gives is said by the test, from the query's text.
/// </summary>
internal sealed class FakeLogAnalytics : IAsyncDisposable
{
    public const string Workspace = "3f0c2a8e-0000-4000-8000-000000000000";

    private readonly Func<string, Task<JsonObject>> _run;
    private readonly LoopbackHost _host;

    public FakeLogAnalytics(Func<string, Task<JsonObject>> run)
    {
        _run = run;
        _host = LoopbackHost.Start(AnswerAsync);
    }

    public FakeLogAnalytics(JsonObject answer)
        : this(_ => Task.FromResult(answer.DeepClone().AsObject()))
    {
    }

    public Uri Url => _host.Url;

    /// <summary>The texts of the queries.</summary>
    public List<string> Queries { get; } = [];

    /// <summary>The time spans that went with them.</summary>
    public List<string> TimeSpans { get; } = [];

    public ScriptedAnswers Scripted { get; } = new();

    /// <summary>An answer with one table.</summary>
    public static JsonObject Table(IReadOnlyList<LogColumn> columns, params IEnumerable<JsonArray> rows) => new()
    {
        ["tables"] = new JsonArray(new JsonObject
        {
            ["name"] = "PrimaryResult",
            ["columns"] = new JsonArray([.. columns.Select(column => (JsonNode)new JsonObject { ["name"] = column.Name, ["type"] = column.Type })]),
            ["rows"] = new JsonArray([.. rows]),
        }),
    };

    /// <summary>An answer with a table of observations.</summary>
    public static JsonObject Observations(params IEnumerable<JsonArray> rows) => Table(ObservationTable.Columns, rows);

    /// <summary>A row of observations.</summary>
    public static JsonArray Row(string kind, DateTimeOffset start, string region, string arm, string name, long count, double? sum = null, double? squares = null) =>
        [kind, start.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture), region, arm, name, count, sum, squares];

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = JsonNode.Parse(await reader.ReadToEndAsync())!;
        var query = body["query"]!.ToString();
        lock (Queries)
        {
            Queries.Add(query);
            TimeSpans.Add(body["timespan"]!.ToString());
        }

        if (context.Request.Headers.Authorization != $"Bearer {FakeCredential.Token}" || context.Request.Path != $"/v1/workspaces/{Workspace}/query")
        {
            context.Response.StatusCode = 404;
            return;
        }

        if (await Scripted.TryAnswerAsync(context)) return;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes((await _run(query)).ToJsonString()));
    }
}
