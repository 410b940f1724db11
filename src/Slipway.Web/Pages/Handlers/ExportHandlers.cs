using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Ledgers;
using Slipway.Core.Reporting;
using Slipway.Web.Api;
using Slipway.Web.Pages.Export;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages.Handlers;

/// <summary>A release as one HTML file with everything in it, as it is or as it was.</summary>
internal sealed class ExportHandlers(ReleaseDesk desk, ReleasePageHandlers releases)
{
    private static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src {PageAssets.StyleSource}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public async Task GetAsync(ApiRequest request)
    {
        if (await releases.ModelAsync(request) is not { } model) return;
        var entries = await desk.LedgerAsync(model.Id, 0, request.Cancellation) ?? [];
        var then = entries.Where(entry => entry.Sequence <= model.State.Sequence).ToList();
        var report = ReportJson.Write(ReleaseReporter.Report(model.State, model.Frame.Now));
        var export = new ExportModel(
            model, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(report))), report, LedgerChain.Verify(then), [.. LedgerRow.Of(then, int.MaxValue).Reverse()]);
        var headers = request.Http.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.ContentDisposition = $"attachment; filename=\"{model.Id}-{model.State.Sequence}.html\"";
        await request.WriteTextAsync(StatusCodes.Status200OK, "text/html; charset=utf-8", await PageRenderer.PageAsync<ExportPage, ExportModel>(export));
    }
}
