using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Functions.Access;
using Slipway.Functions.Composition;
using Slipway.Functions.Policy;
using Slipway.Web.Api;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.AddForwardedClient();

// Made at once: an application that cannot run must not start.
SlipwayAdapters adapters;
try
{
    adapters = AdapterSettings.Open(builder.Configuration, TimeProvider.System);
}
catch (AdapterSettingsException problem)
{
    await Console.Error.WriteLineAsync($"Slipway cannot start: {problem.Message}");
    return 1;
}

builder.AddDiagnostics();
builder.Services.AddSingleton(services => new SlipwayApp(adapters.ToldTo(services), TimeProvider.System, services.GetRequiredService<ILogger<ApiDispatcher>>()));
builder.Services.AddSingleton(services => services.GetRequiredService<SlipwayApp>().Module);
if (adapters is { Standing: { } standing, LookAtPolicy: { } look })
    builder.Services.AddHostedService(services => new PolicyWatch(standing, look, TimeProvider.System, services.GetRequiredService<ILogger<PolicyWatch>>()));
var host = builder.Build();
StartNotices.Tell(adapters.Notices, host.Services.GetRequiredService<ILoggerFactory>());
await host.RunAsync();
return 0;
