using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Web.Access;
using Slipway.Web.Pages.Handlers;
using Slipway.Workflow.Diagnostics;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Api;

/// <summary>
/// Answers every request: host name, route, caller, role, handler, in this order. Needs neither endpoint routing nor middleware, so that a
/// host without them serves the same.
/// </summary>
public sealed partial class ApiDispatcher
{
    private readonly ApiServices _services;
    private readonly RouteTable _routes;
    private readonly RequestBudgets _budgets;
    private readonly ILogger<ApiDispatcher> _log;

    /// <summary>Makes a dispatcher over a host's services.</summary>
    public ApiDispatcher(ApiServices services, ILogger<ApiDispatcher> log)
    {
        _services = services;
        _routes = ApiRoutes.Create(services);
        _budgets = services.Budgets ?? new RequestBudgets(services.Settings, services.Time);
        _log = log;
    }

    /// <summary>Answers one request; throws only when the answer can no longer be changed or nobody reads it.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        ApiAnswers.Harden(context.Response);
        var request = new ApiRequest(context, ApiRequest.Nobody, new Dictionary<string, string>(), ApiRequest.NewId()) { Page = IsPage(context.Request) };
        try
        {
            await RouteAsync(request);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: there is nobody to answer.
        }
        catch (PortUnavailableException unavailable) when (!context.Response.HasStarted)
        {
            // The system's own words are what helps here (a full disk); where it was called from is not. They are a stranger's words all the same.
            LogUnavailable(request.Id, context.Request.Method, PathForLog(context.Request.Path), CleanText.Of(unavailable.Message));
            await request.WriteAsync(ProblemOf(unavailable));
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            LogFailure(request.Id, context.Request.Method, PathForLog(context.Request.Path), exception);
            await request.WriteAsync(ProblemOf(exception));
        }
    }

    private async Task RouteAsync(ApiRequest request)
    {
        var incoming = request.Http.Request;
        if (!_services.Settings.Hosts.Allows(incoming.Host))
        {
            await request.WriteAsync(ApiProblems.ForeignHost(incoming.Host.Value ?? ""));
            return;
        }

        switch (_routes.Find(incoming.Method, incoming.Path.Value ?? "/"))
        {
            case RouteMatch.Found found:
                await GuardAsync(request with { Values = found.Values, Page = found.Route.Page || (found.Route.Roles == ApiRoles.None && request.Page) }, found.Route);
                break;
            case RouteMatch.WrongMethod wrong:
                request.Http.Response.Headers.Allow = wrong.Allowed;
                await request.WriteAsync(ApiProblems.WrongMethod(incoming.Method, wrong.Allowed));
                break;
            default:
                await request.WriteAsync(ApiProblems.NoSuchAddress(incoming.Path.Value ?? ""));
                break;
        }
    }

    private async Task GuardAsync(ApiRequest request, ApiRoute route)
    {
        var caller = _services.Access.Authenticate(request.Http);
        var changes = !HttpMethods.IsGet(request.Http.Request.Method) && !HttpMethods.IsHead(request.Http.Request.Method);
        var telemetry = (route.Roles & ApiRoles.Telemetry) != 0;

        // What another site makes a browser send must cost nobody his budget, whatever it is sent to: no other site is let in, so that nobody who may change
        // something is one. Telemetry has its own rhythm and is bounded by its size.
        if (changes && !telemetry && IsCrossSite(request.Http.Request))
            await request.WriteAsync(ApiProblems.CrossSite);
        else if (changes && !route.Page && route.Roles != ApiRoles.None && caller is { Session: not null })
            await request.WriteAsync(ApiProblems.SessionNotEnough);
        else if (changes && !telemetry && Excess(request, route, caller) is { } seconds)
            await request.WriteAsync(ApiProblems.TooMany(seconds));
        else if (route.Roles == ApiRoles.None)
            await route.Handler(request with { Caller = caller ?? ApiRequest.Nobody });
        else if (caller is null && route.Page && !changes)
            request.SeeOther($"/sign-in?return={Uri.EscapeDataString(request.Http.Request.Path + request.Http.Request.QueryString)}");
        else if (caller is null)
            await request.WriteAsync(ApiProblems.NotAuthenticated);
        else if (!caller.HasAny(route.Roles))
            await request.WriteAsync(ApiProblems.Forbidden(caller.Name, RoleWords(route.Roles)));
        else if (route.Roles == ApiRoles.Operator && !_services.Settings.Policy.MayOperate(caller.Name))
            await request.WriteAsync(ApiProblems.NoOperator(caller.Name));
        else if (route.Roles == ApiRoles.Operator && changes && !route.TakesBack && _services.Settings.Policy.Unknown is { } unknown)
            await request.WriteAsync(ApiProblems.PolicyUnknown(unknown));
        else
            await route.Handler(request with { Caller = caller });
    }

    private int? Excess(ApiRequest request, ApiRoute route, Caller? caller) => caller is { } known
        ? (route.TakesBack ? _budgets.Commands : _budgets.Changes).Take(known.Name)
        : _budgets.AnonymousChanges.Take(_services.ClientAddress(request.Http));

    /// <summary>A browser that looks for a page names HTML; below /api every answer is for programs.</summary>
    private static bool IsPage(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api") && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>What every current browser says of where a form came from; who says nothing is no browser.</summary>
    private static bool IsCrossSite(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";

    /// <summary>An approval link is a credential, and no log shows one; a line break or an escape of a path makes no line and no colour of a log.</summary>
    private static string PathForLog(PathString path) => path.StartsWithSegments("/approvals") ? "/approvals/…" : CleanText.Of(path.Value ?? "");

    private static ApiProblem ProblemOf(Exception exception) => exception switch
    {
        PortUnavailableException unavailable => ApiProblems.Unavailable($"The {unavailable.System} does not answer."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => ApiProblem.Of(
            StatusCodes.Status413PayloadTooLarge, "body_too_large", "Body too large", "The body is larger than the server accepts.", "Send a smaller document."),
        BadHttpRequestException bad => ApiProblem.Of(
            bad.StatusCode, "bad_request", "Bad request", "The request is not valid HTTP, or ended too early.", "Send the request again."),
        _ => ApiProblems.Unexpected,
    };

    private static string RoleWords(ApiRoles roles) => roles.ToString().ToLowerInvariant().Replace(", ", " or ", StringComparison.Ordinal);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "Request {RequestId} {Method} {Path} failed")]
    private partial void LogFailure(string requestId, string method, string path, Exception exception);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "Request {RequestId} {Method} {Path} could not be carried out: {Problem}")]
    private partial void LogUnavailable(string requestId, string method, string path, string problem);
}
