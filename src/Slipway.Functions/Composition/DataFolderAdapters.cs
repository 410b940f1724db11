using Slipway.Cli.Client;
using Slipway.Cli.Hosting;
using Slipway.Embedded.Http;
using Slipway.Embedded.Storage;
using Slipway.Web.Access;
using Slipway.Web.Api;

namespace Slipway.Functions.Composition;

/// <summary>
/// The one-machine adapters under the Functions host: everything but the engine is kept in a data folder, as <c>slipway serve</c> keeps it,
/// and the command line finds the application by the folder's <c>server.json</c>. The folder belongs to one process at a time.
/// </summary>
internal static class DataFolderAdapters
{
    /// <summary>Opens the folder, which is made when it is missing, for as long as the process lives. Throws
    /// <see cref="AdapterSettingsException"/> when it cannot be had.</summary>
    public static SlipwayAdapters Open(string folder, Uri baseUrl, TimeProvider time)
    {
        if (!Path.IsPathFullyQualified(folder))
            throw new AdapterSettingsException($"{AdapterSettings.DataFolder} is '{folder}'. Expected: an absolute path, because the host chooses the working folder.");
        try
        {
            var policy = PolicyFile.Read(null, folder);
            var database = SlipwayDatabase.Open(folder);
            var adapters = EmbeddedAdapters.Over(
                database,
                OutboundHttp.CreateClient(),
                policy,
                ApprovalKeyFile.Of(folder, time.GetUtcNow()),
                new SlipwayServerOptions { DataDirectory = folder, Time = time });
            var tokens = ServerTokens.Of(folder);
            var access = EmbeddedAccess.Of(tokens, policy, time);
            var url = baseUrl.GetLeftPart(UriPartial.Authority);
            new ServerFile(url, tokens.Operator, tokens.Telemetry).Write(folder);
            return new SlipwayAdapters
            {
                Ports = adapters.Ports,
                FlagCreator = new FlagCreator(adapters.Flags),
                Telemetry = new TelemetryIntake(adapters.Telemetry, time),
                Health = new DatabaseHealth(database),
                Access = _ => access.Control,
                Pages = access.Pages,
                Hosts = HostAllowList.Loopback,
                Policy = () => policy,
                BaseUrl = url,
                Notices = [$"The tokens of {Path.Combine(folder, ServerFile.Name)} sign in: slipway list --data {folder}"],
            };
        }
        catch (Exception error) when (error is ServerStartException or StorageOpenException)
        {
            throw new AdapterSettingsException(error.Message, error);
        }
    }

    /// <summary>Whether the database takes writes; the engine is the platform's, and it says itself how it is.</summary>
    private sealed class DatabaseHealth(SlipwayDatabase database) : IHealthSource
    {
        public async Task<HealthState> ReadAsync(CancellationToken cancellation)
        {
            try
            {
                await database.WriteAsync(static _ => { }, cancellation).WaitAsync(TimeSpan.FromSeconds(1), cancellation);
                return new HealthState(true, new Dictionary<string, string> { ["database"] = "ok" });
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                return new HealthState(false, new Dictionary<string, string> { ["database"] = "does not take writes" });
            }
        }
    }
}
