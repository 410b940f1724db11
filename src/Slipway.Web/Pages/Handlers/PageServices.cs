using Slipway.Web.Access;

namespace Slipway.Web.Pages.Handlers;

/// <summary>What pages need beside the API's services.</summary>
public sealed record PageServices
{
    /// <summary>Browser sessions.</summary>
    public required BrowserSessions Sessions { get; init; }

    /// <summary>Links that sign in once.</summary>
    public required SignInLinks SignIns { get; init; }

    /// <summary>Anti-forgery tokens.</summary>
    public required FormTokens Forms { get; init; }

    /// <summary>API keys, as a person types one.</summary>
    public required TokenAccessControl Keys { get; init; }

    /// <summary>Makes them over keys of a host.</summary>
    public static PageServices Over(WebKeys keys, TokenAccessControl tokens, TimeProvider time) => new()
    {
        Sessions = new BrowserSessions(keys, time),
        SignIns = new SignInLinks(keys, time),
        Forms = new FormTokens(keys, time),
        Keys = tokens,
    };
}
