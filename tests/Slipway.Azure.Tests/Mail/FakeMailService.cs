using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Azure.Tests.Loopback;

namespace Slipway.Azure.Tests.Mail;

/// <summary>Communication Services' documented protocol for mails: an operation for each <c>Operation-Id</c>.</summary>
internal sealed class FakeMailService : IAsyncDisposable
{
    private const string Version = "?api-version=2023-03-31";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _operations = [];
    private readonly LoopbackHost _host;

    public FakeMailService() => _host = LoopbackHost.Start(AnswerAsync);

    public Uri Url => _host.Url;

    /// <summary>The mails that went out, one for each operation.</summary>
    public List<JsonObject> Mails { get; } = [];

    /// <summary>Method, path and status of every request.</summary>
    public List<string> Log { get; } = [];

    public ScriptedAnswers Scripted { get; } = new();

    /// <summary>Lets an operation go on.</summary>
    public void Set(Guid operation, string status, string? code = null, string? message = null)
    {
        lock (_gate)
        {
            _operations[operation.ToString("D")] = code is null
                ? new JsonObject { ["id"] = operation.ToString("D"), ["status"] = status }
                : new JsonObject { ["id"] = operation.ToString("D"), ["status"] = status, ["error"] = new JsonObject { ["code"] = code, ["message"] = message } };
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (!await Scripted.TryAnswerAsync(context)) await ServeAsync(context);
        lock (_gate) Log.Add($"{context.Request.Method} {context.Request.Path} {context.Response.StatusCode}");
    }

    private async Task ServeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Authorization != $"Bearer {FakeCredential.Token}")
        {
            context.Response.StatusCode = 401;
            return;
        }

        if (request.QueryString.Value != Version)
        {
            context.Response.StatusCode = 400;
            return;
        }

        if (request.Method == "POST" && request.Path == "/emails:send")
        {
            using var reader = new StreamReader(request.Body);
            var mail = JsonNode.Parse(await reader.ReadToEndAsync())!.AsObject();
            var id = request.Headers["Operation-Id"].ToString();
            lock (_gate)
            {
                if (_operations.TryAdd(id, new JsonObject { ["id"] = id, ["status"] = "Running" })) Mails.Add(mail);
            }

            context.Response.StatusCode = 202;
            context.Response.Headers["Operation-Location"] = $"https://service.example.test/emails/operations/{id}{Version}";
            context.Response.Headers.RetryAfter = "30";
            await WriteAsync(context, new JsonObject { ["id"] = id, ["status"] = "Running" });
            return;
        }

        JsonObject? operation;
        lock (_gate) operation = _operations.GetValueOrDefault(request.Path.Value!.Split('/')[^1])?.DeepClone().AsObject();
        if (operation is null) context.Response.StatusCode = 404;
        else await WriteAsync(context, operation);
    }

    private static async Task WriteAsync(HttpContext context, JsonObject answer)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString()));
    }
}
