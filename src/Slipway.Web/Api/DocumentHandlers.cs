using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Slipway.Core.Documents;
using Slipway.Core.Planning.Intake;
using Slipway.Web.Documents;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Api;

/// <summary>The documents of a release, with what has happened so far filled in: as Markdown, or as a page for who accepts HTML.</summary>
internal sealed class DocumentHandlers(ReleaseDesk desk, TimeProvider time)
{
    public async Task ListAsync(ApiRequest request)
    {
        if (await DossierAsync(request) is not { } dossier) return;
        await request.WriteAsync(StatusCodes.Status200OK, new DocumentList(
            [.. ReleaseDocuments.Render(dossier).Select(document => new DocumentEntry(document.Name, document.File, document.MediaType, dossier.Link(document.Name)))]));
    }

    public async Task GetAsync(ApiRequest request)
    {
        if (await DossierAsync(request) is not { } dossier) return;
        if (ReleaseDocuments.Render(dossier, request.Values["name"]) is not { } document)
        {
            await request.WriteAsync(ApiProblems.NoSuchDocument(request.Values["name"], ReleaseDocuments.Names));
            return;
        }

        request.Http.Response.Headers.Vary = "Accept";
        if (WantsHtml(request))
        {
            request.Http.Response.Headers.ContentSecurityPolicy = DocumentHtml.ContentSecurityPolicy;
            await request.WriteTextAsync(StatusCodes.Status200OK, "text/html; charset=utf-8", DocumentHtml.Render(document, dossier.Title));
            return;
        }

        await request.WriteTextAsync(StatusCodes.Status200OK, $"{document.MediaType}; charset=utf-8", document.Text);
    }

    private async Task<ReleaseDossier?> DossierAsync(ApiRequest request)
    {
        if (!request.TryGetRelease(out var release) || await desk.StateAsync(release, request.Cancellation) is not { Created: not null } state)
        {
            await request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"]));
            return null;
        }

        return new ReleaseDossier
        {
            Request = state.Request,
            Plan = state.Plan,
            Gaps = IntakeGaps.Analyse(state.Request),
            At = time.GetUtcNow(),
            BaseUrl = state.Created.BaseUrl,
            State = state,
        };
    }

    // A browser names text/html; a script that accepts anything gets the document itself.
    private static bool WantsHtml(ApiRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Http.Request.Headers.Accept, out var accepted)
        && accepted.Where(type => type.Quality is null or > 0).OrderByDescending(type => type.Quality ?? 1).FirstOrDefault() is { } first
        && string.Equals(first.MediaType.Value, "text/html", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The documents that a release has.</summary>
/// <param name="Documents">In their order.</param>
internal sealed record DocumentList(IReadOnlyList<DocumentEntry> Documents);

/// <summary>One of them.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">Its file name.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Url">Where it is read.</param>
internal sealed record DocumentEntry(string Name, string File, string MediaType, string Url);
