using System.Globalization;
using Microsoft.Data.Sqlite;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Tests.Engine;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Storage.Faults;

/// <summary>A disk that is full: what was acknowledged is there, what was not is told, and everything goes on once there is room.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly RecordedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Append_DiskFull_IsRefusedAndEveryAcknowledgedEntryStays()
    {
        var acknowledged = 51;
        await using (var database = SlipwayDatabase.Open(_folder.Path))
        {
            await RecordedFolder.AppendAsync(database, 1, 50);
            await LimitAsync(database, extraPages: 6);
            var refusal = await Assert.ThrowsAsync<PortUnavailableException>(async () =>
            {
                while (acknowledged < 10_000)
                {
                    await RecordedFolder.AppendAsync(database, acknowledged, 1);
                    acknowledged++;
                }
            });
            Assert.Contains("full", refusal.Message, StringComparison.Ordinal);
            Assert.True(acknowledged > 51, "it was full at once");
            Assert.Equal(acknowledged, (await RecordedFolder.LedgerAsync(database)).Count);

            await LimitAsync(database, extraPages: 1_000_000);
            await RecordedFolder.AppendAsync(database, acknowledged, 1);
        }

        await using var again = SlipwayDatabase.Open(_folder.Path);
        Assert.Equal(acknowledged + 1, (await RecordedFolder.LedgerAsync(again)).Count);
    }

    [Fact]
    public async Task Run_DiskFullForAMinute_GoesOnWhereItWasAndDoesNothingTwice()
    {
        await using var harness = new EngineHarness();
        var effects = new List<string>();
        var effect = harness.Registry.Activity<string, string>("effect.v1", key =>
        {
            effects.Add(key);
            return key + new string('.', 20_000);
        });
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, _) =>
        {
            for (var number = 0; number < 30; number++)
            {
                await context.RunActivity(effect, $"{number}");
                await context.SleepUntil(context.Now.AddSeconds(10));
            }

            return "done";
        });
        await harness.Engine.StartAsync(workflow, "one", 0);
        await harness.Run(minutes: 1);
        var room = await LimitAsync(harness.Database, extraPages: 12);
        await harness.Run(minutes: 2.5);
        Assert.Contains("full", harness.Incidents[^1].Message, StringComparison.Ordinal);
        Assert.Equal(InstanceStatus.Running, (await harness.Info("one")).Status);

        await LimitAsync(harness.Database, extraPages: 1_000_000);
        await harness.Run();

        Assert.Equal("done", await harness.Output("one"));
        Assert.True(room > 0);

        // Nor did the one run again whose result could not be stored.
        Assert.Equal(Enumerable.Range(0, 30).Select(number => number.ToString(CultureInfo.InvariantCulture)), effects);
    }

    private static Task<long> LimitAsync(SlipwayDatabase database, int extraPages) => database.WriteAsync(connection =>
    {
        var pages = Ask(connection, "PRAGMA page_count");
        return Ask(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages + extraPages}"));
    });

    private static long Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A number of pages is all that varies.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
