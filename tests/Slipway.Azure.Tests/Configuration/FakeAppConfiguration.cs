using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Azure.Tests.Loopback;

namespace Slipway.Azure.Tests.Configuration;

/// <summary>App Configuration's documented protocol over settings in memory.</summary>
internal sealed class FakeAppConfiguration : IAsyncDisposable
{
    private const string SettingType = "application/vnd.microsoft.appconfig.kv+json; charset=utf-8";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Key, string Label), JsonObject> _settings = [];
    private readonly LoopbackHost _host;
    private readonly HmacCheck? _hmac;
    private int _version;
    private int _syncNumber;

    public FakeAppConfiguration(HmacCheck? hmac = null)
    {
        _hmac = hmac;
        _host = LoopbackHost.Start(AnswerAsync);
    }

    public Uri Url => _host.Url;

    /// <summary>What a real store would not have been asked; has to stay empty.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Method, escaped path and status of every request.</summary>
    public List<string> Log { get; } = [];

    public ScriptedAnswers Scripted { get; } = new();

    public int PageSize { get; init; } = 100;

    /// <summary>What happens in the moment before the next write.</summary>
    public Action? BeforeWrite { get; set; }

    /// <summary>The next write takes place, and nobody hears of it.</summary>
    public bool LoseNextAnswer { get; set; }

    public void Put(string key, string label, string value, string contentType = "", bool locked = false, params (string Name, string Value)[] tags)
    {
        lock (_gate) Store(key, label, value, contentType, new JsonObject(tags.Select(tag => KeyValuePair.Create(tag.Name, (JsonNode?)tag.Value))), locked);
    }

    public void Delete(string key, string label = "")
    {
        lock (_gate) _settings.Remove((key, label));
    }

    public JsonObject? Find(string key, string label = "")
    {
        lock (_gate) return _settings.GetValueOrDefault((key, label))?.DeepClone().AsObject();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        if (!await Scripted.TryAnswerAsync(context)) await ServeAsync(context, target, body);
        lock (_gate) Log.Add($"{context.Request.Method} {target.Split('?')[0]} {context.Response.StatusCode}");
    }

    private async Task ServeAsync(HttpContext context, string target, byte[] body)
    {
        var query = context.Request.Query;
        if (!IsSignedIn(context, target, body))
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "HMAC-SHA256, Bearer";
            return;
        }

        lock (_gate)
        {
            if (query["api-version"] != "2023-11-01") Faults.Add($"api-version {query["api-version"]}");
            CheckSyncToken(context.Request);
        }

        var path = target.Split('?')[0];
        if (path == "/kv")
        {
            await WriteAsync(context, 200, List(query), "application/vnd.microsoft.appconfig.kvset+json; charset=utf-8");
            return;
        }

        var key = Uri.UnescapeDataString(path["/kv/".Length..]);
        var label = query["label"].ToString() is "\0" ? "" : query["label"].ToString();
        JsonObject? answer;
        if (context.Request.Method != "GET")
        {
            BeforeWrite?.Invoke();
            BeforeWrite = null;
        }

        lock (_gate)
        {
            (context.Response.StatusCode, answer) = Decide(context.Request, key, label, body);
            if (context.Request.Method != "GET" && context.Response.StatusCode == 200) _syncNumber++;
            if (_syncNumber > 0) context.Response.Headers["Sync-Token"] = $"zAJw6V16=MDo{_syncNumber};sn={_syncNumber}";
        }

        if (LoseNextAnswer && context.Request.Method != "GET")
        {
            LoseNextAnswer = false;
            _syncNumber = 0;
            context.Abort();
            return;
        }

        if (answer is not null)
        {
            context.Response.Headers.ETag = $"\"{answer["etag"]}\"";
            await WriteAsync(context, context.Response.StatusCode, answer, SettingType);
        }
    }

    private (int Status, JsonObject? Answer) Decide(HttpRequest request, string key, string label, byte[] body)
    {
        var current = _settings.GetValueOrDefault((key, label));
        var etag = current?["etag"]!.ToString();
        var ifMatch = request.Headers.IfMatch.ToString().Trim('"');
        var ifNoneMatch = request.Headers.IfNoneMatch.ToString().Trim('"');
        if (request.Method == "GET")
        {
            if (current is null) return (404, null);
            return ifNoneMatch == etag ? (304, null) : (200, current.DeepClone().AsObject());
        }

        if (ifMatch.Length > 0 && ifMatch != etag && !(ifMatch == "*" && current is not null)) return (412, null);
        if (ifNoneMatch == "*" && current is not null) return (412, null);
        if (current?["locked"]!.GetValue<bool>() == true)
        {
            return (409, new JsonObject { ["type"] = "https://azconfig.io/errors/key-locked", ["title"] = $"Modifing key '{key}' is not allowed", ["name"] = key, ["status"] = 409 });
        }

        if (request.Method == "DELETE")
        {
            if (current is null) return (204, null);
            _settings.Remove((key, label));
            return (200, current);
        }

        if (!request.ContentType!.StartsWith("application/vnd.microsoft.appconfig.kv+json", StringComparison.Ordinal) && !request.ContentType.StartsWith("application/json", StringComparison.Ordinal))
            Faults.Add($"content type {request.ContentType}");
        var sent = JsonNode.Parse(body)!.AsObject();
        var stored = Store(key, label, sent["value"]?.GetValue<string>() ?? "", sent["content_type"]?.GetValue<string>() ?? "", sent["tags"]?.DeepClone() as JsonObject ?? [], false);
        return (200, stored.DeepClone().AsObject());
    }

    private JsonObject Store(string key, string label, string value, string contentType, JsonObject tags, bool locked) => _settings[(key, label)] = new JsonObject
    {
        ["etag"] = $"etag-{++_version}-AwV+/=",
        ["key"] = key,
        ["label"] = label.Length == 0 ? null : label,
        ["content_type"] = contentType,
        ["value"] = value,
        ["tags"] = tags,
        ["locked"] = locked,
        ["last_modified"] = "2026-12-01T09:00:00+00:00",
    };

    private JsonObject List(IQueryCollection query)
    {
        lock (_gate)
        {
            var prefix = query["key"].ToString().TrimEnd('*');
            var skip = int.Parse(query.TryGetValue("after", out var after) ? after.ToString() : "0", CultureInfo.InvariantCulture);
            var fields = query["$select"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
            var found = _settings.Where(setting => setting.Key.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(setting => setting.Value).ToList();
            var page = new JsonObject
            {
                ["items"] = new JsonArray([.. found.Skip(skip).Take(PageSize).Select(item => (JsonNode)new JsonObject(
                    item.Where(member => fields.Length == 0 || fields.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))))]),
            };
            if (found.Count > skip + PageSize)
                page["@nextLink"] = $"/kv?key={Uri.EscapeDataString(query["key"].ToString())}&api-version=2023-11-01&$select={string.Join(',', fields)}&after={skip + PageSize}";
            return page;
        }
    }

    private bool IsSignedIn(HttpContext context, string target, byte[] body) => _hmac is null
        ? context.Request.Headers.Authorization == $"Bearer {FakeCredential.Token}"
        : _hmac.Accepts(context.Request, target, body);

    /// <summary>A client has to bring back the newest token that it was given.</summary>
    private void CheckSyncToken(HttpRequest request)
    {
        if (_syncNumber == 0) return;
        var sent = request.Headers["Sync-Token"].ToString();
        if (sent != $"zAJw6V16=MDo{_syncNumber}") Faults.Add($"sync token '{sent}' instead of number {_syncNumber}");
    }

    private static async Task WriteAsync(HttpContext context, int status, JsonObject answer, string type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status == 200 ? type : "application/problem+json; charset=utf-8";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString()));
    }
}
