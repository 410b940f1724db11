using System.Text.Json;
using Slipway.Cli.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Cli.Tests.Commands;

public sealed class ValidateTests : IDisposable
{
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Valid_request_gives_the_plan_in_short_without_a_server()
    {
        _world.Write("release.yaml", Samples.Small);
        _world.Server.Before = _ => throw new InvalidOperationException("validate is offline");

        var run = await _world.RunAsync("validate release.yaml");

        Assert.True(run.Code == 0, run.ToString());
        Assert.Contains("Stages    5 % for 30m, then 25 % for 1h, then 100 % for 2h", run.Output, StringComparison.Ordinal);
        Assert.Contains("Flags     search-v2", run.Output, StringComparison.Ordinal);
        Assert.Contains("Trigger   error_rate limit: error_rate above 0.5 % over 5m", run.Output, StringComparison.Ordinal);
        Assert.Contains("Trigger   latency_p95 limit: latency_p95 above 500 ms over 5m", run.Output, StringComparison.Ordinal);
        Assert.Contains("Way back  level 1", run.Output, StringComparison.Ordinal);
        Assert.Contains("Question  release.start_at: When is it to be released?", run.Output, StringComparison.Ordinal);
        Assert.Contains("more, none of which blocks: `slipway validate release.yaml --questions`", run.Output, StringComparison.Ordinal);
        Assert.Equal(11, run.Output.Split('\n').Count(line => line.StartsWith("Question", StringComparison.Ordinal)));
        Assert.Equal("release.yaml is valid. Start it with `slipway start release.yaml`.\n", run.Error);
    }

    [Fact]
    public async Task All_questions_are_listed_when_asked_for()
    {
        _world.Write("release.yaml", Samples.Small);

        var run = await _world.RunAsync("validate release.yaml --questions");

        Assert.True(run.Code == 0, run.ToString());
        Assert.Contains("Question  operations.traffic_rps: How many requests a second does the service answer?", run.Output, StringComparison.Ordinal);
        Assert.Contains("Question  delivery.budget_alerts: ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("more, none of which blocks", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "X03")]
    public async Task Strict_profile_blocks_on_what_is_open_otherwise()
    {
        _world.Write("release.yaml", Samples.Small);

        var run = await _world.RunAsync("validate release.yaml --profile strict");

        Assert.Equal(1, run.Code);
        Assert.Contains("  release.ticket: missing the change ticket. Which change ticket covers this release?", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("  delivery.budget_alerts: missing", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await _world.RunAsync("validate release.yaml --profile brief")).Code);
    }

    [Fact]
    public async Task Every_problem_comes_with_file_line_and_column()
    {
        _world.Write("bad.yaml", "release:\n  titel: Search\nstages:\n  - { percentage: 120, bake: 0m }\n");

        var run = await _world.RunAsync("validate bad.yaml");

        Assert.Equal(1, run.Code);
        Assert.Contains("bad.yaml:2:3: release.titel: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("did you mean 'title'?", run.Output, StringComparison.Ordinal);
        Assert.Contains("bad.yaml:4:19: stages[0].percentage: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("stages[0].bake: ", run.Output, StringComparison.Ordinal);
        Assert.Matches("^bad.yaml has [0-9]+ problems.\n$", run.Error);
    }

    [Fact]
    public async Task Missing_information_gives_questions_and_one_next_step()
    {
        _world.Write("thin.yaml", "release:\n  title: Search\n");

        var run = await _world.RunAsync("validate thin.yaml");

        Assert.Equal(1, run.Code);
        Assert.Contains("insufficient_context", run.Output, StringComparison.Ordinal);
        Assert.Contains("release.version: missing the version that is released. Which version is released?", run.Output, StringComparison.Ordinal);
        Assert.Contains("Next step: Add release.version", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_all_of_it_on_stdout()
    {
        _world.Write("release.yaml", Samples.Small);
        _world.Write("thin.yaml", "release:\n  title: Search\n");

        var good = JsonDocument.Parse((await _world.RunAsync("validate release.yaml --json")).Output).RootElement;
        var thin = await _world.RunAsync("validate thin.yaml --json");
        var bad = JsonDocument.Parse(thin.Output).RootElement;

        Assert.Equal("slipway.validation.v1", good.GetProperty("schema").GetString());
        Assert.True(good.GetProperty("valid").GetBoolean());
        Assert.Equal(3, good.GetProperty("plan").GetProperty("stages").GetArrayLength());
        Assert.False(bad.GetProperty("valid").GetBoolean());
        Assert.Equal("insufficient_context", bad.GetProperty("insufficient_context").GetProperty("error").GetString());
        Assert.Equal((1, ""), (thin.Code, thin.Error));
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("start")]
    public async Task Unreadable_file_is_a_clear_error(string command)
    {
        Directory.CreateDirectory(Path.Combine(_world.Folder, "folder"));
        _world.Write("large.yaml", new string('#', 300_000));
        _world.Write("empty.yaml", " \n");

        foreach (var (file, why) in new[] { ("empty.yaml", "it is empty"), ("nothing.yaml", "no such file"), ("no/such.yaml", "no such file"), ("folder", "is a directory"), ("large.yaml", "300000 bytes") })
        {
            var run = await _world.RunAsync($"{command} {file}");

            Assert.Equal((1, ""), (run.Code, run.Output));
            Assert.Contains($"Cannot read '{file}'", run.Error, StringComparison.Ordinal);
            Assert.Contains(why, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Control_characters_of_a_file_do_not_reach_the_terminal()
    {
        _world.Write("evil.yaml", "\"\\e[31mred\\n\": 1\n");

        var run = await _world.RunAsync("validate evil.yaml");

        Assert.Equal(1, run.Code);
        Assert.DoesNotContain('\e', run.Output);
    }

    [Fact]
    [Trait("requirement", "S004-143")]
    public async Task Schedule_is_shown_in_UTC_and_the_calendars_zone_with_the_next_preferred_start()
    {
        // A Friday: 13:00 in New York.
        _world.Write("friday.yaml", Samples.Small.Replace("  declared_risk: low", "  declared_risk: low\n  start_at: 2126-11-08T18:00:00Z", StringComparison.Ordinal));

        var run = await _world.RunAsync("validate friday.yaml");
        var json = JsonDocument.Parse((await _world.RunAsync("validate friday.yaml --json")).Output).RootElement;

        Assert.True(run.Code == 0, run.ToString());
        Assert.Contains("Calendar  no start and no increase on Friday from 12:00; ", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            "Start     2126-11-11 14:00 UTC (Mon 2126-11-11 09:00 -05:00 America/New_York), since 2126-11-08 18:00 UTC (Fri 2126-11-08 13:00 -05:00 America/New_York) is closed: blocked by the calendar: Friday from 12:00",
            run.Output, StringComparison.Ordinal);
        Assert.Contains("Better    2126-11-12 15:00 UTC (Tue 2126-11-12 10:00 -05:00 America/New_York), the next preferred hours: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("When      25 %: 2126-11-11 14:31 UTC (Mon 2126-11-11 09:31 -05:00 America/New_York), judged until 2126-11-11 15:32 UTC", run.Output, StringComparison.Ordinal);
        var proposal = json.GetProperty("proposal");
        Assert.Equal(("2126-11-12T15:00:00Z", "preferred"), (proposal.GetProperty("start").GetString(), proposal.GetProperty("standing").GetString()));
        Assert.Equal(3, proposal.GetProperty("stages").GetArrayLength());
    }
}
