using Microsoft.AspNetCore.Http;
using Slipway.Web.Api;
using Slipway.Web.Pages.Mails;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Handlers;

/// <summary>What a release told people, and what it will tell them.</summary>
internal sealed class MailPageHandlers(ReleaseDesk desk, PageServices pages, TimeProvider time)
{
    /// <summary>An HTML part runs nothing, loads nothing and leads nowhere; its own styles stand in it. Only this server's pages frame it.</summary>
    public const string PartPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

    public async Task ListAsync(ApiRequest request)
    {
        if (await ModelAsync(request) is { } model) await request.WritePageAsync<MailsPage, MailsModel>(StatusCodes.Status200OK, model);
    }

    /// <summary>The HTML part of one mail, for the frame on the page.</summary>
    public async Task PartAsync(ApiRequest request)
    {
        if (await ModelAsync(request) is not { } model) return;
        if (model.Find(request.Values["n"])?.Html is not { } html)
        {
            await request.WriteAsync(ApiProblems.NoSuchAddress(request.Http.Request.Path.Value ?? ""));
            return;
        }

        request.Http.Response.Headers.ContentSecurityPolicy = PartPolicy;
        request.Http.Response.Headers.XFrameOptions = "SAMEORIGIN";
        await request.WriteTextAsync(StatusCodes.Status200OK, "text/html; charset=utf-8", html);
    }

    private async Task<MailsModel?> ModelAsync(ApiRequest request)
    {
        if (request.TryGetRelease(out var release)
            && await desk.StateAsync(release, request.Cancellation) is { Created: not null } state
            && await desk.LedgerAsync(release, 0, request.Cancellation) is { } entries)
            return MailsModel.Of(request.Frame(pages, time, "Mails"), state, entries);
        await request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"]));
        return null;
    }
}
