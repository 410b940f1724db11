using System.Net;

namespace Slipway.Embedded.Http;

/// <summary>The environment's proxy for everything but this machine's loopback, which no proxy can reach.</summary>
internal sealed class LoopbackPastProxy(IWebProxy environment) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => environment.Credentials;
        set => environment.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : environment.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || environment.IsBypassed(host);
}
