using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using Slipway.Web.Diagnostics;
using Slipway.Workflow.Diagnostics;

namespace Slipway.Functions.Composition;

/// <summary>
/// Sends Slipway's own spans, metrics and log to Application Insights when <see cref="ConnectionString"/> is set, straight from this process
/// and not by way of the host, which does not keep every dimension. What the host sees itself (requests, its own log) it goes on sending, in
/// its classic mode: <c>host.json</c> names no <c>telemetryMode</c>, because the alert that no sweep runs asks for requests by the names that
/// this mode gives them.
/// </summary>
public static class AppDiagnostics
{
    /// <summary>Where to send; the platform's setting.</summary>
    public const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>As whom to send; the platform's setting: <c>Authorization=AAD</c>, and <c>ClientId=…</c> for an identity that is assigned by a user.</summary>
    public const string AuthenticationString = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Makes the diagnostics and, where the settings say where to, sends them.</summary>
    public static void AddDiagnostics(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddSingleton(static services =>
            new ReleaseDiagnostics(TimeProvider.System, new ReleaseEventLog(services.GetRequiredService<ILogger<ReleaseEventLog>>()).Write));
        if (builder.Configuration[ConnectionString] is not { Length: > 0 } target) return;

        builder.Services.AddOpenTelemetry()
            .WithTracing(static spans => spans.AddSource(DiagnosticNames.Source))
            .WithMetrics(static metrics => metrics.AddMeter(DiagnosticNames.Source))
            .UseFunctionsWorkerDefaults()
            .UseAzureMonitorExporter(options => Configure(options, target, builder.Configuration[AuthenticationString]));
        // In its classic mode the host asks for this one before it stops sending the worker's log a second time.
        builder.Services.Configure<WorkerOptions>(static options => options.Capabilities["WorkerApplicationInsightsLoggingEnabled"] = bool.TrueString);
        builder.Services.Configure<OpenTelemetryLoggerOptions>(static options => options.IncludeFormattedMessage = true);
        builder.Logging
            .AddFilter<OpenTelemetryLoggerProvider>("Slipway", LogLevel.Information)
            // Their information lines carry whole addresses, and the address of an approval carries its token.
            .AddFilter<OpenTelemetryLoggerProvider>("Microsoft", LogLevel.Warning)
            .AddFilter<OpenTelemetryLoggerProvider>("System", LogLevel.Warning)
            .AddFilter<OpenTelemetryLoggerProvider>("Azure", LogLevel.Warning);
    }

    /// <summary>The adapters, told to the diagnostics of the application.</summary>
    public static SlipwayAdapters ToldTo(this SlipwayAdapters adapters, IServiceProvider services) =>
        adapters with { Ports = adapters.Ports with { Diagnostics = services.GetRequiredService<ReleaseDiagnostics>() } };

    /// <summary>Sets what the exporter needs: everything is sent, because an event that is sampled away is an alert that does not come.</summary>
    /// <param name="options">The exporter's options.</param>
    /// <param name="target">The connection string.</param>
    /// <param name="authentication">The value of <see cref="AuthenticationString"/>; null or empty: the key in the connection string.</param>
    internal static void Configure(AzureMonitorExporterOptions options, string target, string? authentication)
    {
        options.ConnectionString = target;
        // The exporter's default is five traces a second, and logs of traces that were not chosen go with them.
        options.TracesPerSecond = null;
        options.SamplingRatio = 1;
        options.EnableTraceBasedLogsSampler = false;
        // The host measures the process already.
        options.EnableLiveMetrics = false;
        options.EnablePerformanceCounters = false;
        if (IdentityOf(authentication) is { } identity) options.Credential = identity;
    }

    /// <summary>The identity that an authentication string names; null when it asks for none.</summary>
    internal static ManagedIdentityCredential? IdentityOf(string? authentication)
    {
        var parts = (authentication ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(static part => part.Length == 2)
            .GroupBy(static part => part[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static group => group.Key, static group => group.Last()[1], StringComparer.OrdinalIgnoreCase);
        if (!string.Equals(parts.GetValueOrDefault("Authorization"), "AAD", StringComparison.OrdinalIgnoreCase)) return null;
        return new ManagedIdentityCredential(parts.GetValueOrDefault("ClientId") is { Length: > 0 } client ? ManagedIdentityId.FromUserAssignedClientId(client) : ManagedIdentityId.SystemAssigned);
    }
}
