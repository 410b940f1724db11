using Microsoft.AspNetCore.Http;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Cli.Tests.Fakes;

/// <summary>Carries HTTP to the API's handlers without a network.</summary>
internal sealed class InProcessServer(ApiWorld world) : HttpMessageHandler
{
    /// <summary>Answers or fails before the API does; null: the API answers.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?>? Before { get; set; }

    /// <summary>The Authorization header of each request; null where it had none.</summary>
    public List<string?> Authorizations { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Authorizations.Add(request.Headers.Authorization?.ToString());
        if (Before?.Invoke(request) is { } answer)
            return answer;
        var context = new DefaultHttpContext { RequestAborted = cancellationToken };
        var uri = request.RequestUri!;
        context.Request.Method = request.Method.Method;
        context.Request.Host = new HostString(uri.Host, uri.Port);
        context.Request.Path = PathString.FromUriComponent(uri);
        context.Request.QueryString = QueryString.FromUriComponent(uri);
        foreach (var (name, values) in request.Headers) context.Request.Headers[name] = values.ToArray();
        if (request.Content is { } content)
        {
            context.Request.Body = await content.ReadAsStreamAsync(cancellationToken);
            context.Request.ContentType = content.Headers.ContentType?.ToString();
        }

        using var body = new MemoryStream();
        context.Response.Body = body;
        await world.HandleAsync(context);
        var response = new HttpResponseMessage((System.Net.HttpStatusCode)context.Response.StatusCode) { Content = new ByteArrayContent(body.ToArray()) };
        foreach (var (name, values) in context.Response.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                response.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        return response;
    }
}
