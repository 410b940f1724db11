using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Slipway.Core.Releases;
using Slipway.Functions.Composition;
using Slipway.Web.Diagnostics;
using Slipway.Workflow.Diagnostics;

namespace Slipway.Functions.Tests.Composition;

/// <summary>What the application tells Application Insights, and as whom.</summary>
public sealed partial class AppDiagnosticsTests
{
    private const string Target = "InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=http://127.0.0.1:9/";

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("ClientId=6f8c", false)]
    [InlineData("Authorization=AAD", true)]
    [InlineData("ClientId=11111111-2222-3333-4444-555555555555;Authorization=AAD", true)]
    [InlineData(" authorization = aad ; clientid = 11111111-2222-3333-4444-555555555555", true)]
    public void The_identity_is_the_one_that_the_platform_names(string? authentication, bool identity)
    {
        var options = new AzureMonitorExporterOptions();
        AppDiagnostics.Configure(options, Target, authentication);
        Assert.Equal(identity, options.Credential is ManagedIdentityCredential);
    }

    [Fact]
    public void Nothing_is_sampled_away()
    {
        var options = new AzureMonitorExporterOptions();
        AppDiagnostics.Configure(options, Target, null);
        Assert.Equal((Target, 1f, (double?)null, false), (options.ConnectionString, options.SamplingRatio, options.TracesPerSecond, options.EnableTraceBasedLogsSampler));
    }

    [Fact]
    public void With_a_connection_string_the_worker_sends_itself_and_the_host_does_not_send_its_log_again()
    {
        using var services = Build(Target);
        var capabilities = services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities;
        Assert.Equal((bool.TrueString, bool.TrueString), (capabilities["WorkerOpenTelemetryEnabled"], capabilities["WorkerApplicationInsightsLoggingEnabled"]));
        Assert.NotNull(services.GetService<TracerProvider>());
        Assert.NotNull(services.GetService<MeterProvider>());
    }

    [Fact]
    public void Without_one_nothing_listens()
    {
        using var services = Build(null);
        Assert.Null(services.GetService<TracerProvider>());
        Assert.DoesNotContain("WorkerApplicationInsightsLoggingEnabled", services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities.Keys);
        services.GetRequiredService<ReleaseDiagnostics>().Flush();
    }

    [Fact]
    public void Events_reach_the_exporter_with_name_message_and_dimensions()
    {
        var kept = new Keeping();
        using var services = Build(Target, kept);
        var log = services.GetRequiredService<ILogger<ReleaseEventLog>>();

        new ReleaseEventLog(log).Write(new ReleaseEvent.TelemetryDead(ReleaseId.Parse("search-2.4.0"), 2, "no telemetry for 5 minutes"));
        var requests = services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics");
        LogRequest(requests, "/approvals/token");

        var record = Assert.Single(kept.Records);
        Assert.Equal(("slipway.telemetry.dead", "search-2.4.0: no usable telemetry in stage 2: no telemetry for 5 minutes"), (record.Event, record.Message));
        Assert.Equal(("search-2.4.0", "2", "no telemetry for 5 minutes"), (record.Dimensions["Release"], record.Dimensions["Stage"], record.Dimensions["Why"]));
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "GET {Path}")]
    private static partial void LogRequest(ILogger log, string path);

    private static ServiceProvider Build(string? target, BaseProcessor<LogRecord>? processor = null)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration[AppDiagnostics.ConnectionString] = target;
        builder.AddDiagnostics();
        if (processor is not null) builder.Services.ConfigureOpenTelemetryLoggerProvider(logs => logs.AddProcessor(processor));
        return builder.Services.BuildServiceProvider();
    }

    /// <summary>Keeps what an exporter would get; the record itself is used again.</summary>
    private sealed class Keeping : BaseProcessor<LogRecord>
    {
        public List<(string? Event, string? Message, Dictionary<string, string?> Dimensions)> Records { get; } = [];

        public override void OnEnd(LogRecord data) =>
            Records.Add((data.EventId.Name, data.FormattedMessage, (data.Attributes ?? []).ToDictionary(pair => pair.Key, pair => pair.Value?.ToString())));
    }
}
