using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Slipway.Web.Access;
using Slipway.Web.Api;

namespace Slipway.Web.Pages.Handlers;

/// <summary>Writes pages, with the headers that every page carries.</summary>
internal static class PageAnswers
{
    /// <summary>The one style, scripts of this server alone, forms to it alone, in nobody's frame.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src {PageAssets.StyleSource}; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    private const string Html = "text/html; charset=utf-8";

    /// <summary>Writes a page of a model.</summary>
    public static async Task WritePageAsync<TComponent, TModel>(this ApiRequest request, int status, TModel model)
        where TComponent : IComponent, IPage<TModel>
    {
        request.Http.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        await request.WriteTextAsync(status, Html, await PageRenderer.PageAsync<TComponent, TModel>(model));
    }

    /// <summary>A problem as a page.</summary>
    public static Task WriteProblemPageAsync(this ApiRequest request, ApiProblem problem) => request.WritePageAsync<MessagePage, MessageModel>(
        problem.Status,
        new MessageModel(new PageFrame(problem.Title, null, "", default), problem.Title, problem.Detail, problem.Fix, request.Id)
        {
            Errors = problem.Errors,
            Release = problem.ReleaseId,
        });

    /// <summary>Leads a browser on with GET.</summary>
    public static void SeeOther(this ApiRequest request, string path)
    {
        request.Http.Response.StatusCode = StatusCodes.Status303SeeOther;
        request.Http.Response.Headers.Location = path;
    }

    /// <summary>The frame of a page for who asks for it.</summary>
    public static PageFrame Frame(this ApiRequest request, PageServices pages, TimeProvider time, string title) => new(
        title,
        request.Caller.Roles == ApiRoles.None ? null : request.Caller,
        request.Caller.Session is { } session ? pages.Forms.Make(SignInHandlers.SignOutPurpose, session) : "",
        time.GetUtcNow())
    {
        // Every browser says so of what a script fetches; whoever says nothing gets the whole page.
        PartsOnly = request.Http.Request.Headers["Sec-Fetch-Dest"] == "empty",
    };

    /// <summary>Whom a form is shown to: the session, or whoever presented a token.</summary>
    public static string Holder(this Caller caller) => caller.Session ?? $"token:{caller.Name}";
}
