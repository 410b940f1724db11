using Slipway.Core.Ledgers;
using Slipway.Core.Requests;

namespace Slipway.Core.Gates;

/// <summary>
/// The services and external APIs that a release leans on, as gates of every bake: each that can be asked for its health is asked at every
/// poll. A failure holds promotion, since nothing says that the new version works with it; one that the release can do without is only noted.
/// Pure.
/// </summary>
public static class Integrations
{
    /// <summary>One for each that has a health URL: services first, in the order of the request.</summary>
    public static IEnumerable<HttpGateSpec> Of(ReleaseRequest request) =>
    [
        .. from service in request.Preflight.Dependencies.Services
           where service.Health is not null
           select new HttpGateSpec { Name = service.Name, Url = service.Health!, When = GateTiming.DuringBake, Leans = GateKind.Service, Advisory = !service.Critical },
        .. from api in request.Preflight.Dependencies.ExternalApis
           where api.Health is not null
           select new HttpGateSpec { Name = api.Name, Url = api.Health!, When = GateTiming.DuringBake, Leans = GateKind.ExternalApi, Advisory = api.Fallback },
    ];
}
