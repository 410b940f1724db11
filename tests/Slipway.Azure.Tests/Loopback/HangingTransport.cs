using Azure.Core.Pipeline;

namespace Slipway.Azure.Tests.Loopback;

/// <summary>A service that takes every request and answers none, until the caller gives up.</summary>
internal sealed class HangingTransport : HttpClientTransport
{
    private readonly Hanging _hanging;

    public HangingTransport()
        : this(new Hanging())
    {
    }

    private HangingTransport(Hanging hanging)
        : base(new HttpClient(hanging) { Timeout = Timeout.InfiniteTimeSpan }) => _hanging = hanging;

    /// <summary>Ends when so many requests have come.</summary>
    public Task AskedAsync(int requests) => _hanging.AskedAsync(requests);

    private sealed class Hanging : HttpMessageHandler
    {
        private readonly SemaphoreSlim _asked = new(0);
        private int _waitedFor;

        public async Task AskedAsync(int requests)
        {
            for (; _waitedFor < requests; _waitedFor++) await _asked.WaitAsync();
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _asked.Release();
            var never = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
            return await never.Task.WaitAsync(cancellationToken);
        }
    }
}
