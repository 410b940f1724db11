using Slipway.Web.Access;
using Slipway.Web.OpenApi;
using Slipway.Web.Pages;
using Slipway.Web.Pages.Handlers;

namespace Slipway.Web.Api;

/// <summary>The one table of addresses; every host maps the same.</summary>
public static class ApiRoutes
{
    /// <summary>Makes the table over a host's services.</summary>
    public static RouteTable Create(ApiServices services)
    {
        var start = new StartHandlers(services.Desk, services.Settings);
        var releases = new ReleaseHandlers(services.Desk, services.Time);
        var documents = new DocumentHandlers(services.Desk, services.Time);
        var ledger = new LedgerHandlers(services.Desk, services.Settings, services.Time);
        var commands = new CommandHandlers(services.Desk, services.Settings);
        var signals = new SignalHandlers(services.Desk, services.Settings);
        var approvals = new ApprovalHandlers(services.Desk, services.Settings);
        var retry = new RetryHandlers(services.Desk, services.Settings);
        var freezes = new FreezeHandlers(services.Freezes, services.Settings);
        var locks = new LockHandlers(services.Locks, services.Settings);
        var telemetry = new TelemetryHandlers(services.Telemetry, services.Settings);
        var flags = new FlagHandlers(services.Flags, services.FlagCreator);
        var health = new HealthHandlers(services.Health);
        var pages = services.Pages;
        var signIn = new SignInHandlers(pages, services.Settings, services.Time);
        var list = new ListPageHandlers(services.Desk, services.Freezes, pages, services.Time);
        var stories = new ReleaseStories(services.Desk);
        var release = new ReleasePageHandlers(services.Desk, stories, pages, services.Time);
        var export = new ExportHandlers(services.Desk, release);
        var retryPage = new RetryPageHandlers(services.Desk, pages, services.Settings, services.Time);
        var command = new CommandPageHandlers(services.Desk, pages, services.Settings, services.Time);
        var evaluation = new EvaluationPageHandlers(services.Desk, pages, services.Settings, services.Time);
        var startPage = new StartPageHandlers(services.Desk, pages, services.Settings, services.Time);
        var approvalPages = new ApprovalPageHandlers(services.Desk, stories, pages, services.Settings, services.Time);
        var mails = new MailPageHandlers(services.Desk, pages, services.Time);
        var rehearsals = new RehearsalPageHandlers(services.Desk, pages, services.Time);
        const ApiRoles Read = ApiRoles.Viewer | ApiRoles.Operator;
        const ApiRoles ReadFlags = Read | ApiRoles.Telemetry;
        return new RouteTable(
        [
            Route("POST", "/api/releases", ApiRoles.Operator, start.StartAsync),
            Route("POST", "/api/releases/validate", Read, start.ValidateAsync),
            Route("GET", "/api/releases", Read, releases.ListAsync),
            Route("GET", "/api/releases/{id}", Read, releases.GetAsync),
            Route("GET", "/api/releases/{id}/summary", Read, releases.SummaryAsync),
            Route("GET", "/api/releases/{id}/outlook", Read, releases.OutlookAsync),
            Route("GET", "/api/releases/{id}/documents", Read, documents.ListAsync),
            Route("GET", "/api/releases/{id}/documents/{name}", Read, documents.GetAsync),
            Route("GET", "/api/releases/{id}/ledger", Read, ledger.LinesAsync),
            Route("GET", "/api/releases/{id}/events", Read, ledger.EventsAsync),
            Route("POST", "/api/releases/{id}/commands", ApiRoles.Operator, commands.PostAsync) with { TakesBack = true },
            Route("POST", "/api/releases/{id}/signals", ApiRoles.Operator, signals.PostAsync),
            Route("POST", "/api/releases/{id}/retry", ApiRoles.Operator, retry.RetryAsync),
            Route("GET", "/api/freezes", Read, freezes.ShowAsync),
            Route("POST", "/api/freezes", ApiRoles.Operator, freezes.RaiseAsync),
            Route("POST", "/api/freezes/lift", ApiRoles.Operator, freezes.LiftAsync),
            Route("GET", "/api/locks", Read, locks.ListAsync),
            Route("POST", "/api/locks/unlock", ApiRoles.Operator, locks.UnlockAsync),
            Route("GET", "/approvals/{token}", ApiRoles.None, request => request.Page ? approvalPages.GetAsync(request) : approvals.GetAsync(request)),
            Route("POST", "/approvals/{token}", ApiRoles.None, request => FormBody.IsForm(request.Http.Request) ? approvalPages.PostAsync(request) : approvals.PostAsync(request)),
            Route("POST", "/telemetry", ApiRoles.Telemetry, telemetry.PostAsync),
            Route("GET", "/flags", ReadFlags, flags.ListAsync),
            Route("GET", "/flags/{name}", ReadFlags, flags.GetAsync),
            Route("POST", "/flags/{name}", ApiRoles.Operator, flags.CreateAsync),
            Route("GET", "/health", ApiRoles.None, health.GetAsync),
            Route("POST", "/api/sign-in-links", Read | ApiRoles.Approver, signIn.LinkAsync),
            Route("GET", "/openapi.json", ApiRoles.None, OpenApiHandlers.GetAsync),
            Page("GET", "/", Read, list.GetAsync),
            Page("GET", "/releases/{id}", Read, release.GetAsync),
            Page("GET", "/releases/{id}/export", Read, export.GetAsync),
            Page("GET", "/releases/{id}/retry", ApiRoles.Operator, retryPage.FormAsync),
            Page("POST", "/releases/{id}/retry", ApiRoles.Operator, retryPage.PostAsync),
            Page("GET", "/releases/{id}/commands/{command}", ApiRoles.Operator, command.FormAsync),
            Page("POST", "/releases/{id}/commands/{command}", ApiRoles.Operator, command.PostAsync) with { TakesBack = true },
            Page("GET", "/releases/{id}/evaluations/{evaluation}/{verdict}", ApiRoles.Operator, evaluation.FormAsync),
            Page("POST", "/releases/{id}/evaluations/{evaluation}/{verdict}", ApiRoles.Operator, evaluation.PostAsync),
            Page("GET", "/releases/{id}/rehearsal", Read, rehearsals.GetAsync),
            Page("GET", "/releases/{id}/mails", Read, mails.ListAsync),
            Page("GET", "/releases/{id}/mails/{n}", Read, mails.PartAsync),
            Page("GET", "/start", ApiRoles.Operator, startPage.FormAsync),
            Page("POST", "/start", ApiRoles.Operator, startPage.PostAsync),
            Page("GET", "/sign-in", ApiRoles.None, signIn.FormAsync),
            Page("POST", "/sign-in", ApiRoles.None, signIn.PostAsync),
            Page("POST", "/sign-out", Read | ApiRoles.Approver, signIn.SignOutAsync),
            Route("GET", "/assets/{name}", ApiRoles.None, AssetHandlers.GetAsync),
        ]);
    }

    private static ApiRoute Route(string method, string template, ApiRoles roles, Func<ApiRequest, Task> handler) =>
        new(method, new RouteTemplate(template), roles, handler);

    private static ApiRoute Page(string method, string template, ApiRoles roles, Func<ApiRequest, Task> handler) =>
        new(method, new RouteTemplate(template), roles, handler) { Page = true };
}
