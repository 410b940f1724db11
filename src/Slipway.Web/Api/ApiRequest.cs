using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Releases;
using Slipway.Web.Access;

namespace Slipway.Web.Api;

/// <summary>One request on its way through a handler.</summary>
/// <param name="Http">The host's context.</param>
/// <param name="Caller">Who is calling; for open routes a caller without roles.</param>
/// <param name="Values">The values of the route's placeholders.</param>
/// <param name="Id">The id of this request in problems and in the log.</param>
public sealed record ApiRequest(HttpContext Http, Caller Caller, IReadOnlyDictionary<string, string> Values, string Id)
{
    /// <summary>A caller without name and roles.</summary>
    public static Caller Nobody { get; } = new("anonymous", ApiRoles.None);

    /// <summary>Whether it is a page that is asked for, so that a problem is answered as one.</summary>
    public bool Page { get; init; }

    /// <summary>Cancelled when the client is gone.</summary>
    public CancellationToken Cancellation => Http.RequestAborted;

    /// <summary>Makes an id for a request: 16 hex digits.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>The release that the route names; false when the text cannot be an id, so that there is no such release.</summary>
    public bool TryGetRelease(out ReleaseId release) => ReleaseId.TryParse(Values["id"], out release);

    /// <summary>A whole number of the query within bounds, or its default when left out; null when it is something else.</summary>
    internal long? Number(string name, long standard, long smallest, long largest)
    {
        var values = Http.Request.Query[name];
        if (values.Count == 0)
            return standard;
        return values.Count == 1
            && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= smallest && number <= largest
            ? number
            : null;
    }

    /// <summary>A query parameter as it was sent.</summary>
    internal string QueryText(string name) => Http.Request.Query[name].ToString();
}
