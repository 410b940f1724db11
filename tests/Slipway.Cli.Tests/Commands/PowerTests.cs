using System.Text.Json;
using Slipway.Cli.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Cli.Tests.Commands;

public sealed class PowerTests : IDisposable
{
    private readonly CliWorld _world = new();

    public PowerTests()
    {
        _world.Write("release.yaml", Samples.Small);
        _world.Write("full.yaml", Samples.Full);
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_request_that_states_its_traffic_gives_a_table_without_a_server()
    {
        var run = await _world.RunAsync("power full.yaml");

        Assert.True(run.Code == 0, run.ToString());
        Assert.Empty(_world.Server.Authorizations);
        var lines = run.Output.TrimEnd().Split('\n');
        Assert.Equal("At 900 requests a second, a base error rate of 0.04 % and 5 % of requests slower than the usual p95, for regressions that begin with their stage.", lines[0]);
        Assert.Matches("^STAGE +METRIC +FOUND 80 % +FOUND 95 % +HARMED +2X FOUND +2X AT 80 % BY +PROMOTION PROVES$", lines[1]);
        Assert.Equal(6, lines.Length - 2);
        var column = lines[1].IndexOf("METRIC", StringComparison.Ordinal);
        Assert.All(lines[2..], line => Assert.True(line[column..].StartsWith("error_rate", StringComparison.Ordinal) || line[column..].StartsWith("latency_p95", StringComparison.Ordinal), line));
        Assert.StartsWith("5 % in prod for 2h ", lines[4], StringComparison.Ordinal);
        Assert.Contains("Ratios are to the control arm at the same time", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_traffic_says_how_to_state_it()
    {
        var run = await _world.RunAsync("power release.yaml");

        Assert.Equal((0, "How small a regression the stages can see is unknown, since operations.traffic_rps is not stated.\n"), (run.Code, run.Output));
        Assert.Equal("State operations.traffic_rps, or give --rps.\n", run.Error);
    }

    [Fact]
    public async Task Options_stand_in_for_what_the_request_does_not_state()
    {
        var guessed = await _world.RunAsync("power release.yaml --rps 100");
        var stated = await _world.RunAsync("power release.yaml --rps 100 --base-error-rate 0.1%");
        var without = await _world.RunAsync("power release.yaml --rps 100 --base-error-rate 0.1");

        Assert.StartsWith("At 100 requests a second, a base error rate of 0.25 % (not stated: half of the limit) and ", guessed.Output, StringComparison.Ordinal);
        Assert.StartsWith("At 100 requests a second, a base error rate of 0.1 % and ", stated.Output, StringComparison.Ordinal);
        Assert.Equal(stated.Output, without.Output);
    }

    [Fact]
    public async Task One_percent_of_little_traffic_says_that_a_doubling_is_never_found()
    {
        _world.Write("small.yaml", Samples.Small.Replace("percentage: 5,", "percentage: 1,", StringComparison.Ordinal));

        var run = await _world.RunAsync("power small.yaml --rps 100 --base-error-rate 0.1");

        Assert.Matches("(?m)^1 % for 30m +error_rate +[0-9.]+x +[0-9.]+x +[0-9]+ +never +nothing +nothing$", run.Output);
    }

    [Fact]
    public async Task Stages_that_are_not_compared_are_not_told_to_state_their_traffic()
    {
        _world.Write("all.yaml", Samples.Small.Replace("  - { percentage: 5, bake: 30m }\n  - { percentage: 25, bake: 1h }\n", "", StringComparison.Ordinal));

        var run = await _world.RunAsync("power all.yaml --rps 100");

        Assert.Equal((0, "No stage has a control arm; the absolute limits alone are judged.\n"), (run.Code, run.Output));
        Assert.DoesNotContain("--rps", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_a_row_for_each_stage_and_metric()
    {
        var root = JsonDocument.Parse((await _world.RunAsync("power full.yaml --json")).Output).RootElement;

        Assert.Equal(("slipway.power.v1", "search-index-v2", 6), (root.GetProperty("schema").GetString(), root.GetProperty("release").GetString(), root.GetProperty("rows").GetArrayLength()));
        Assert.All(root.GetProperty("rows").EnumerateArray(), row => Assert.InRange(row.GetProperty("twice_chance").GetDouble(), 0, 1));
        Assert.Single(root.GetProperty("assumptions").EnumerateArray());
    }

    [Theory]
    [InlineData("--rps abc", "'abc' is not a value for --rps: expected requests a second above 0 up to 10000000, for example 100.")]
    [InlineData("--rps 0", "'0' is not a value for --rps")]
    [InlineData("--rps 1,000", "'1,000' is not a value for --rps")]
    [InlineData("--rps NaN", "'NaN' is not a value for --rps")]
    [InlineData("--rps", "--rps has no value: expected --rps RPS.")]
    [InlineData("--base-error-rate many", "'many' is not a value for --base-error-rate: expected a percentage above 0 up to 50, for example 0.1%.")]
    [InlineData("--base-error-rate 50.1", "'50.1' is not a value for --base-error-rate")]
    public async Task Numbers_that_are_none_exit_2_and_say_what_is_expected(string options, string words)
    {
        var run = await _world.RunAsync($"power release.yaml {options}");

        Assert.True(run.Code == 2, run.ToString());
        Assert.Equal("", run.Output);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rps 0.001 --base-error-rate 0.0001")]
    [InlineData("--rps 10000000 --base-error-rate 50")]
    [InlineData("--rps 1 --base-error-rate 50")]
    public async Task Numbers_at_the_edges_are_worked_out(string options)
    {
        var run = await _world.RunAsync($"power release.yaml {options}");

        Assert.True(run.Code == 0, run.ToString());
        Assert.DoesNotContain("NaN", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_request_exits_1()
    {
        _world.Write("bad.yaml", "release: 7\n");
        _world.Write("empty.yaml", "");

        var bad = await _world.RunAsync("power bad.yaml");
        Assert.Equal((1, ""), (bad.Code, bad.Output));
        Assert.Contains("`slipway validate bad.yaml`", bad.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await _world.RunAsync("power empty.yaml")).Code);
        Assert.Equal(1, (await _world.RunAsync("power nothing.yaml")).Code);
    }

    [Fact]
    public async Task Validate_says_what_each_stage_sees_in_lines_of_a_screen()
    {
        _world.Write("stated.yaml", Samples.Small + "operations: { traffic_rps: 300, base_error_rate: 0.1% }\n");

        var run = await _world.RunAsync("validate stated.yaml");

        Assert.True(run.Code == 0, run.ToString());
        var lines = run.Output.Split('\n');
        var first = Array.FindIndex(lines, line => line.StartsWith("Sees      5 %: error_rate: finds ", StringComparison.Ordinal));
        Assert.True(first > 0, run.Output);
        Assert.StartsWith("          a doubling ", lines[first + 1], StringComparison.Ordinal);
        Assert.All(lines[first..(first + 8)], line => Assert.True(line.Length <= 160, line));
    }
}
