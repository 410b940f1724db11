using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Cli.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Cli.Tests.Commands;

public sealed class BacktestTests : IDisposable
{
    private readonly CliWorld _world = new();

    public BacktestTests() => _world.Write("release.yaml", Samples.Small);

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_recording_gives_a_rate_with_its_interval_and_a_table_of_incidents_without_a_server()
    {
        _world.Write("day.csv", Recording(600, 400));

        var run = await _world.RunAsync("backtest release.yaml --telemetry day.csv --incident 2026-11-03T06:40Z..2026-11-03T07:00Z --seeds 2");

        Assert.True(run.Code == 0, run.ToString());
        Assert.Empty(_world.Server.Authorizations);
        Assert.StartsWith("Recording: day.csv, 2026-11-03 00:00Z to 2026-11-03 10:00Z, 600 intervals in 600 rows, 1,800,000 requests of which 0.", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^Healthy releases: \d+ came to an end: .* False rollbacks: 0 % \[0–[0-9.]+ with 95 %\], the plan allows 1 %\.$", run.Output);
        Assert.Matches("(?m)^INCIDENT +FROM STAGE +CAUGHT +DETECTED +FAILED +SLOW +FIRST DECISION$", run.Output);
        Assert.Matches(@"(?m)^2026-11-03 06:40Z\.\.2026-11-03 07:00Z +1 \(5 %\) +2 of 2 +[0-9.]+ min +[0-9,]+ +0 +2026-11-03 06:\d\dZ stage 1: error_rate ", run.Output);
        Assert.StartsWith("DETECTED, FAILED and SLOW are medians", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_report_and_out_keeps_it_in_a_file()
    {
        _world.Write("day.csv", Recording(120, null));

        var run = await _world.RunAsync("backtest release.yaml --telemetry day.csv --json --out kept/backtest.json --seed 9");

        using var printed = JsonDocument.Parse(run.Output);
        using var kept = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_world.Folder, "kept", "backtest.json")));
        Assert.True(JsonElement.DeepEquals(printed.RootElement, kept.RootElement));
        var root = printed.RootElement;
        Assert.Equal(("slipway.backtest.v1", "split_everybody", 9, 3), (root.GetProperty("schema").GetString(), root.GetProperty("arms").GetString(), root.GetProperty("seed").GetInt32(), root.GetProperty("seeds").GetInt32()));
        Assert.Equal(120, root.GetProperty("recording").GetProperty("intervals").GetInt32());
        Assert.Equal(0.01, root.GetProperty("healthy").GetProperty("budget").GetDouble());
        Assert.True(root.GetProperty("passed").GetBoolean());
    }

    [Fact]
    public async Task A_missed_incident_exits_3()
    {
        _world.Write("day.csv", Recording(300, null));

        var run = await _world.RunAsync("backtest release.yaml --telemetry day.csv --incident 2026-11-03T03:00Z..2026-11-03T03:10Z");

        Assert.Equal(3, run.Code);
        Assert.StartsWith("1 of 1 incidents would have reached users without being caught", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--incident 03:00..04:00", "slipway: '03:00..04:00' is not a value for --incident: expected a time with its zone, two dots and a later one, for example 2026-11-03T14:05Z..2026-11-03T14:40Z.")]
    [InlineData("--seeds 0", "slipway: '0' is not a value for --seeds: expected a whole number from 1 to 1000, for example 5.")]
    public async Task What_is_no_value_is_a_usage_error(string options, string expected)
    {
        _world.Write("day.csv", Recording(10, null));

        var run = await _world.RunAsync($"backtest release.yaml --telemetry day.csv {options}");

        Assert.Equal(2, run.Code);
        Assert.StartsWith(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_is_required()
    {
        Assert.Equal(2, (await _world.RunAsync("backtest release.yaml")).Code);
    }

    [Fact]
    public async Task A_row_that_cannot_be_used_says_its_file_line_and_column()
    {
        _world.Write("day.csv", "start,requests,failures\n2026-11-03T00:00:00Z,12,13\n");

        var run = await _world.RunAsync("backtest release.yaml --telemetry day.csv");

        Assert.Equal(1, run.Code);
        Assert.StartsWith("slipway: The recording cannot be used: day.csv line 2, column failures: found 13, expected 0 to the row's requests (12)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_says_so()
    {
        var run = await _world.RunAsync("backtest release.yaml --telemetry nowhere.csv");

        Assert.Equal(1, run.Code);
        Assert.StartsWith("slipway: Cannot read 'nowhere.csv': ", run.Error, StringComparison.Ordinal);
    }

    /// <summary>3,000 requests a minute, 6 to 8 of which fail; 150 from <paramref name="wrongFrom"/> on for 20 minutes.</summary>
    private static string Recording(int minutes, int? wrongFrom)
    {
        var text = new StringBuilder("start,requests,failures,latency\n");
        for (var minute = 0; minute < minutes; minute++)
        {
            var failures = minute >= wrongFrom && minute < wrongFrom + 20 ? 150 : 6 + (minute % 3);
            text.Append(CultureInfo.InvariantCulture, $"{new DateTime(2026, 11, 3).AddMinutes(minute):yyyy-MM-ddTHH:mm:ssZ},3000,{failures},\"{{\"\"90\"\":2000,\"\"95\"\":900,\"\"100\"\":100}}\"\n");
        }

        return text.ToString();
    }
}
