using System.Text.Json;
using Slipway.Cli.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Cli.Tests.Commands;

public sealed class RehearseTests : IDisposable
{
    private readonly CliWorld _world = new();

    public RehearseTests() => _world.Write("release.yaml", Samples.Small);

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_scenario_gives_a_matrix_without_a_server_and_leaves_no_file()
    {
        var run = await _world.RunAsync("rehearse release.yaml --scenario crash-loop --scenario one-region");

        Assert.True(run.Code == 0, run.ToString());
        Assert.Empty(_world.Server.Authorizations);
        Assert.Contains("Traffic: operations.traffic_rps is not stated; 50 requests a second are assumed.\n", run.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^SCENARIO +STAGE +OUTCOME +DETECTED +HARMED +PEAK +SAFE +PROMISES$", run.Output);
        Assert.Matches("(?m)^crash-loop +1 +rolled_back +[0-9.]+ min +[0-9,]+ +5 % +0.5 min +kept$", run.Output);
        Assert.Matches("(?m)^one-region .*does not apply: the environment has one region$", run.Output);
        Assert.Contains("  crash-loop: support@example.com start, stage, breach, rollback\n", run.Output, StringComparison.Ordinal);
        Assert.StartsWith("1 scenarios end within what the plan promises.", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_world.Folder, "rehearsal.json")));
    }

    [Fact]
    public async Task A_broken_promise_exits_3_and_prints_the_seed_that_repeats_it_and_what_happened()
    {
        // Nobody approves an unsigned artifact, so that even the healthy release is stopped.
        _world.Write("unsigned.yaml", Samples.Small + "artifacts: { image: search, signed: false }\n");

        var run = await _world.RunAsync("rehearse unsigned.yaml --scenario healthy --seed 4");

        Assert.True(run.Code == 3, run.ToString());
        Assert.Matches("(?m)^healthy +1 +failed .*BROKEN$", run.Output);
        Assert.Matches("(?m)^  seed 4: it ended failed, expected completed or rolled_back: .*not signed", run.Output);
        Assert.Contains("    2026-11-03 09:00:00Z started by rehearsal@slipway.invalid", run.Output, StringComparison.Ordinal);
        Assert.Contains("  Again: slipway rehearse unsigned.yaml --scenario healthy --seed 4\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_report_and_out_keeps_it_in_a_file()
    {
        var run = await _world.RunAsync("rehearse release.yaml --scenario drift --out kept --json");

        using var printed = JsonDocument.Parse(run.Output);
        using var kept = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_world.Folder, "kept", "rehearsal.json")));
        Assert.True(JsonElement.DeepEquals(printed.RootElement, kept.RootElement));
        Assert.Equal("slipway.rehearsal.v1", printed.RootElement.GetProperty("schema").GetString());
        Assert.Equal((true, false), (printed.RootElement.GetProperty("passed").GetBoolean(), printed.RootElement.GetProperty("complete").GetBoolean()));
        Assert.Equal(64, printed.RootElement.GetProperty("content_hash").GetString()!.Length);
        Assert.Equal("rolled_back", printed.RootElement.GetProperty("scenarios")[0].GetProperty("runs")[0].GetProperty("outcome").GetString());
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("--scenario heathy", "slipway: There is no scenario 'heathy': expected one of healthy, error-x2, ")]
    [InlineData("--seeds 0", "slipway: '0' is not a value for --seeds: expected a whole number from 1 to 1000, for example 5.")]
    [InlineData("--all --scenario healthy", "slipway: --all and --scenario are two ways to choose: choose one.")]
    public async Task What_cannot_be_chosen_is_a_usage_error(string options, string expected)
    {
        var run = await _world.RunAsync($"rehearse release.yaml {options}");

        Assert.Equal(2, run.Code);
        Assert.StartsWith(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_no_request_says_what_is_wrong()
    {
        _world.Write("bad.yaml", "relase: { version: 1 }\n");

        var run = await _world.RunAsync("rehearse bad.yaml");

        Assert.Equal(1, run.Code);
        Assert.StartsWith("slipway: bad.yaml is not a valid request", run.Error, StringComparison.Ordinal);
    }
}
