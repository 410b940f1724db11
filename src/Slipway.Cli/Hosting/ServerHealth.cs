using Slipway.Embedded.Storage;
using Slipway.Web.Api;

namespace Slipway.Cli.Hosting;

/// <summary>How the server is: whether its database takes writes and its engine runs.</summary>
internal sealed class ServerHealth(SlipwayDatabase database, RunningEngine engine) : IHealthSource
{
    /// <inheritdoc/>
    public async Task<HealthState> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            // A write that changes nothing goes through the same queue as every step of a release.
            await database.WriteAsync(static _ => { }, cancellation).WaitAsync(TimeSpan.FromSeconds(1), cancellation);
            return Of("ok");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return Of("does not take writes");
        }
    }

    private HealthState Of(string databaseSays)
    {
        var stands = engine.Failure.IsFaulted;
        return new HealthState(
            databaseSays == "ok" && !stands,
            new Dictionary<string, string> { ["database"] = databaseSays, ["engine"] = stands ? "stands still after a defect" : "ok" });
    }
}
