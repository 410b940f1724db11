using Azure.Core;
using Azure.Core.Pipeline;
using Slipway.Azure.Clients;

namespace Slipway.Azure.Tests.Loopback;

/// <summary>
/// How the tests' clients reach a loopback server: they believe in an https address, since the library sends a token to no other, and the
/// transport takes the request to the server.
/// </summary>
internal static class Rerouted
{
    public static Uri Endpoint { get; } = new("https://service.example.test");

    /// <summary>Retries without waiting.</summary>
    public static ClientRetry Quick { get; } = new() { FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(1) };

    public static Action<ClientOptions> To(Uri server) => options =>
        options.Transport = new HttpClientTransport(new HttpClient(new Handler(server)));

    private sealed class Handler(Uri server) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            base.SendAsync(Reroute(request), cancellationToken);

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            base.Send(Reroute(request), cancellationToken);

        private HttpRequestMessage Reroute(HttpRequestMessage request)
        {
            // The address keeps its escapes, which say where a key ends.
            request.RequestUri = new Uri($"{server.GetLeftPart(UriPartial.Authority)}{request.RequestUri!.PathAndQuery}");
            return request;
        }
    }
}
