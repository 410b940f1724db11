using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Slipway.Functions.Composition;

namespace Slipway.Functions.Triggers;

/// <summary>
/// Hands HTTP requests to the same dispatcher as the one-machine server. It checks host name, caller and role itself, so the functions are
/// anonymous to the platform; and each area is named, so that the platform's own addresses stay the platform's.
/// </summary>
/// <param name="app">The application.</param>
public sealed class ApiFunctions(SlipwayApp app)
{
    /// <summary>Releases: start, read, follow, command.</summary>
    [Function("api")]
    public Task<IActionResult> Api(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "api/{*rest}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => AnswerAsync(request, client);

    /// <summary>Approvals by signed link.</summary>
    [Function("approvals")]
    public Task<IActionResult> Approvals(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "approvals/{*rest}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => AnswerAsync(request, client);

    /// <summary>Flags: list, read, create.</summary>
    [Function("flags")]
    public Task<IActionResult> Flags(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "flags/{*rest}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => AnswerAsync(request, client);

    /// <summary>Telemetry of applications.</summary>
    [Function("telemetry")]
    public Task<IActionResult> Telemetry(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "telemetry")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => AnswerAsync(request, client);

    /// <summary>How the application is.</summary>
    [Function("health")]
    public Task<IActionResult> Health(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "health")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => AnswerAsync(request, client);

    /// <summary>The list of releases; the platform's own page at this address is turned off by AzureWebJobsDisableHomepage.</summary>
    [Function("list_page")]
    public Task<IActionResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "/")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => AnswerAsync(request, client);

    /// <summary>The pages of releases.</summary>
    [Function("release_pages")]
    public Task<IActionResult> ReleasePages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "releases/{*rest}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => AnswerAsync(request, client);

    /// <summary>The page that starts a release.</summary>
    [Function("start_page")]
    public Task<IActionResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "start")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => AnswerAsync(request, client);

    /// <summary>Signing a browser in.</summary>
    [Function("sign_in")]
    public Task<IActionResult> SignIn(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "sign-in")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => AnswerAsync(request, client);

    /// <summary>Signing it out.</summary>
    [Function("sign_out")]
    public Task<IActionResult> SignOut(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "sign-out")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => AnswerAsync(request, client);

    /// <summary>Style, script and icon.</summary>
    [Function("assets")]
    public Task<IActionResult> Assets(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "assets/{*rest}")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => AnswerAsync(request, client);

    /// <summary>The description of the API.</summary>
    [Function("openapi")]
    public Task<IActionResult> OpenApi(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "openapi.json")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => AnswerAsync(request, client);

    private async Task<IActionResult> AnswerAsync(HttpRequest request, DurableTaskClient client)
    {
        await app.Dispatcher(client).HandleAsync(request.HttpContext);
        return new EmptyResult();
    }
}
