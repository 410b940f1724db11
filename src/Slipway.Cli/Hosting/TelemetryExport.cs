using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Slipway.Web.Diagnostics;
using Slipway.Workflow.Diagnostics;

namespace Slipway.Cli.Hosting;

/// <summary>
/// Sends Slipway's own spans, metrics and log events by OTLP where the standard variables say so: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or the
/// one of a signal, <c>_PROTOCOL</c>, <c>_HEADERS</c>, <c>OTEL_SERVICE_NAME</c>, <c>OTEL_TRACES_EXPORTER=none</c> and the rest. Without an
/// endpoint nothing is made and nobody listens. Requests are not among the spans: the address of an approval carries its token.
/// </summary>
internal sealed class TelemetryExport : IAsyncDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly Func<string, string?> _variable;
    private readonly IConfiguration _settings;
    private readonly TracerProvider? _spans;
    private readonly MeterProvider? _metrics;

    private TelemetryExport(Func<string, string?> variable)
    {
        _variable = variable;
        _settings = new ConfigurationRoot([new Variables(variable)]);
        _spans = !Sends("TRACES") ? null : Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(_settings)).SetResourceBuilder(Resource()).AddSource(DiagnosticNames.Source).AddOtlpExporter(Reach).Build();
        _metrics = !Sends("METRICS") ? null : Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(_settings)).SetResourceBuilder(Resource()).AddMeter(DiagnosticNames.Source).AddOtlpExporter(Reach).Build();
    }

    /// <summary>Begins to listen; null when the variables ask for nothing.</summary>
    /// <param name="variable">Reads an environment variable; null when it is not set.</param>
    public static TelemetryExport? Start(Func<string, string?> variable) =>
        !IsTrue(variable("OTEL_SDK_DISABLED")) && (Asks(variable, "TRACES") || Asks(variable, "METRICS") || Asks(variable, "LOGS")) ? new TelemetryExport(variable) : null;

    /// <summary>Sends the log events, and nothing else of the log.</summary>
    public void AddTo(ILoggingBuilder logging)
    {
        if (!Sends("LOGS")) return;
        logging.Services.AddSingleton(_settings);
        logging.AddOpenTelemetry(options => options.SetResourceBuilder(Resource()).AddOtlpExporter(Reach));
        logging.AddFilter<OpenTelemetryLoggerProvider>(static (category, _) => category == typeof(ReleaseEventLog).FullName);
    }

    /// <summary>Sends what waits, for some seconds at most when nobody takes it.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(Task.Run(() => _spans?.Dispose()), Task.Run(() => _metrics?.Dispose()));

    private bool Sends(string signal) => Asks(_variable, signal);

    private static bool Asks(Func<string, string?> variable, string signal) =>
        (Has(variable(Endpoint)) || Has(variable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"))) && !string.Equals(variable($"OTEL_{signal}_EXPORTER")?.Trim(), "none", StringComparison.OrdinalIgnoreCase);

    private static bool Has(string? value) => !string.IsNullOrWhiteSpace(value);

    private static bool IsTrue(string? value) => string.Equals(value?.Trim(), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The variables come last, so that they win.</summary>
    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService("slipway", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    private static void Reach(OtlpExporterOptions options)
    {
        // A proxy of the environment cannot reach this machine's own loopback.
        if (options.Endpoint.IsLoopback)
            options.HttpClientFactory = () => new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds) };
    }

    private sealed class Variables(Func<string, string?> variable) : ConfigurationProvider
    {
        public override bool TryGet(string key, out string? value)
        {
            value = variable(key);
            return value is not null;
        }
    }
}
