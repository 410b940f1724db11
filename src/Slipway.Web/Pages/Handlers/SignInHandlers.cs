using Microsoft.AspNetCore.Http;
using Slipway.Web.Access;
using Slipway.Web.Api;

namespace Slipway.Web.Pages.Handlers;

/// <summary>What making a sign-in link answers with.</summary>
/// <param name="Path">Where the browser goes, on this server.</param>
/// <param name="Name">Whom it signs in.</param>
/// <param name="GoodFor">For how many seconds.</param>
public sealed record SignInReceipt(string Path, string Name, int GoodFor);

/// <summary>Signing a browser in and out. Opening a link shows who would be signed in; only its form does it.</summary>
internal sealed class SignInHandlers(PageServices pages, ApiSettings settings, TimeProvider time)
{
    public const string SignOutPurpose = "sign-out";
    private const string Purpose = "sign-in";
    private const string Holder = "anonymous";

    /// <summary>Makes a link for the caller. A session cannot make another session.</summary>
    public async Task LinkAsync(ApiRequest request)
    {
        var local = LocalPath(request.QueryText("return"));
        var path = $"/sign-in?code={Uri.EscapeDataString(pages.SignIns.Make(request.Caller))}{(local == "/" ? "" : $"&return={Uri.EscapeDataString(local)}")}";
        await request.WriteAsync(StatusCodes.Status201Created, new SignInReceipt(path, request.Caller.Name, (int)SignInLinks.Lifetime.TotalSeconds));
    }

    public Task FormAsync(ApiRequest request)
    {
        var code = request.QueryText("code");
        if (code.Length == 0) return ShowAsync(request, StatusCodes.Status200OK, LocalPath(request.QueryText("return")), "");
        return pages.SignIns.Look(code) is { } caller
            ? ShowAsync(request, StatusCodes.Status200OK, LocalPath(request.QueryText("return")), "", (code, caller.Name))
            : ShowAsync(request, StatusCodes.Status410Gone, LocalPath(request.QueryText("return")), UsedUp);
    }

    public async Task PostAsync(ApiRequest request)
    {
        if (await FormBody.ReadAsync(request, settings.LargestDocument) is not { } form) return;
        var local = LocalPath(form["return"]);
        if (!pages.Forms.Accepts(form[FormTokens.Field], Purpose, Holder))
        {
            await ShowAsync(request, StatusCodes.Status400BadRequest, local, "The form was open for too long, or did not come from this page. Send it again.");
            return;
        }

        var code = form["code"];
        var caller = code.Length > 0 ? pages.SignIns.Use(code)
            : form["key"].Trim() is { Length: > 0 } key ? pages.Keys.Identify(key)
            : pages.Platform?.Invoke(request.Http);
        if (caller is null)
        {
            await ShowAsync(request, StatusCodes.Status403Forbidden, local, code.Length > 0 ? UsedUp : "This server does not know that key.");
            return;
        }

        pages.Sessions.Begin(request.Http, caller);
        request.SeeOther(local);
    }

    public async Task SignOutAsync(ApiRequest request)
    {
        if (await FormBody.ReadAsync(request, settings.LargestDocument) is not { } form) return;
        if (!pages.Forms.Accepts(form[FormTokens.Field], SignOutPurpose, request.Caller.Holder()))
        {
            await request.WriteAsync(ApiProblems.StaleForm);
            return;
        }

        pages.Sessions.End(request.Http);
        request.SeeOther("/sign-in");
    }

    private const string UsedUp = "This sign-in link was used, or is older than ten minutes. Ask for another one: `slipway dashboard`.";

    private Task ShowAsync(ApiRequest request, int status, string local, string problem, (string Code, string Name)? link = null) =>
        request.WritePageAsync<SignInPage, SignInModel>(
            status, new SignInModel(request.Frame(pages, time, "Sign in"), pages.Forms.Make(Purpose, Holder), local, problem) { Link = link, Platform = pages.Platform?.Invoke(request.Http)?.Name });

    /// <summary>A path on this server to go on to; anything that could lead elsewhere is the list.</summary>
    internal static string LocalPath(string path) =>
        path.Length is > 0 and <= 1000 && path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal)
        && !path.Any(char.IsControl)
            ? path
            : "/";
}
