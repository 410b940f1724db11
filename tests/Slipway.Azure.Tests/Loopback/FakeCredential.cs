using Azure.Core;
using Azure.Identity;

namespace Slipway.Azure.Tests.Loopback;

/// <summary>An identity whose token is always the same.</summary>
internal sealed class FakeCredential : TokenCredential
{
    public const string Token = "token-of-the-tests";

    public List<string> Scopes { get; } = [];

    /// <summary>Why there is no token; null: there is one.</summary>
    public string? Broken { get; set; }

    /// <summary>When set, no token comes before whoever wants one gives up; ends with the first request for one.</summary>
    public TaskCompletionSource? AskedInVain { get; set; }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        if (Broken is not null) throw new CredentialUnavailableException(Broken);
        lock (Scopes) Scopes.AddRange(requestContext.Scopes);
        return new AccessToken(Token, DateTimeOffset.MaxValue);
    }

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        if (AskedInVain is { } asked)
        {
            asked.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }

        return GetToken(requestContext, cancellationToken);
    }
}
