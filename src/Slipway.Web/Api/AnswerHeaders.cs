using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Api;

/// <summary>The headers that every answer carries, also one that a host gives before there is anything to ask.</summary>
public static class AnswerHeaders
{
    /// <summary>Sets them: kept by nobody, taken for nothing else, and without script, frame and referrer. Pages and assets loosen what they need.</summary>
    public static void Set(HttpResponse response)
    {
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
    }
}
