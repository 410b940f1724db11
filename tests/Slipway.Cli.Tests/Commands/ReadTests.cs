using System.Text.Json;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Tests.Requests;

namespace Slipway.Cli.Tests.Commands;

public sealed class ReadTests : IDisposable
{
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task List_without_releases_says_how_to_start_the_first()
    {
        var run = await _world.RunAsync("list");

        Assert.Equal((0, ""), (run.Code, run.Output));
        Assert.Contains("slipway start release.yaml", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_is_one_line_a_release_and_names_the_rest()
    {
        await _world.Api.StartSampleAsync();
        await _world.Api.StartSampleAsync(Samples.Small.Replace("2.4.0", "2.5.0", StringComparison.Ordinal));

        var all = await _world.RunAsync("list");
        var first = await _world.RunAsync("list --limit 1");
        var json = await _world.RunAsync("list --json");

        Assert.Equal(3, all.Output.TrimEnd().Split('\n').Length);
        Assert.StartsWith("ID  ", all.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', all.Output);
        Assert.Contains("slipway list --skip 1", first.Error, StringComparison.Ordinal);
        Assert.Equal(2, JsonDocument.Parse(json.Output).RootElement.GetProperty("releases").GetArrayLength());
        Assert.Equal("", json.Error);
    }

    [Fact]
    public async Task Show_says_where_a_release_stands_and_with_json_gives_the_report()
    {
        var release = await _world.Api.StartSampleAsync();

        var plain = await _world.RunAsync($"show {release}");
        var json = await _world.RunAsync($"show {release} --json");

        Assert.Equal(0, plain.Code);
        Assert.Contains("Status    received", plain.Output, StringComparison.Ordinal);
        Assert.Contains($"slipway watch {release}", plain.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (json.Code, json.Error));
        Assert.Equal((await _world.Api.SendAsync("GET", $"/api/releases/{release}")).Body + "\n", json.Output);
    }

    [Theory]
    [InlineData("show nothing")]
    [InlineData("show nothing --json")]
    [InlineData("watch nothing")]
    [InlineData("pause nothing")]
    [InlineData("audit verify nothing")]
    public async Task Unknown_release_exits_1(string line)
    {
        var run = await _world.RunAsync(line);

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("no release 'nothing'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show")]
    [InlineData("watch")]
    public async Task Escapes_in_a_release_do_not_reach_the_terminal(string command)
    {
        var release = await _world.Api.StartSampleAsync();
        await _world.Api.AppendAsync(release, new PhaseEntered(ReleasePhase.Paused, ReleaseTrigger.Pause, 0, "\e[2J\u009b31m\u202Ered\nfake line", null, ""));

        var run = await _world.RunAsync(command switch { "list" => "list", "show" => $"show {release}", _ => $"watch {release} --timeout 1s" });

        Assert.Contains("fake line", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output, letter => char.IsControl(letter) && letter != '\n');
        Assert.DoesNotContain('\u202E', run.Output);
        Assert.DoesNotContain(run.Output.Split('\n'), line => line.StartsWith("fake", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "", null, null, true)]
    [InlineData(false, "", null, null, false)]
    [InlineData(true, " --no-color", null, null, false)]
    [InlineData(true, "", "NO_COLOR", "1", false)]
    [InlineData(true, "", "TERM", "dumb", false)]
    [InlineData(true, " --json", null, null, false)]
    public async Task Colour_only_on_a_terminal_that_wants_it(bool terminal, string option, string? variable, string? value, bool colour)
    {
        var release = await _world.Api.StartSampleAsync();
        await _world.Api.EndAsync(release, ReleasePhase.Completed);
        _world.IsTerminal = terminal;
        if (variable is not null)
            _world.Variables[variable] = value!;

        Assert.Equal(colour, (await _world.RunAsync($"list{option}")).Output.Contains('\e'));
    }

    [Theory]
    [InlineData(ReleasePhase.Completed, 0)]
    [InlineData(ReleasePhase.RolledBack, 3)]
    [InlineData(ReleasePhase.Failed, 3)]
    public async Task Watch_prints_one_line_a_change_and_ends_with_the_release(ReleasePhase phase, int code)
    {
        var release = await _world.Api.StartSampleAsync();
        await _world.Api.AppendAsync(release, new StageStarted(0, new Percentage(5), _world.Api.Time.GetUtcNow()));
        await _world.Api.EndAsync(release, phase);

        var run = await _world.RunAsync($"watch {release}");

        Assert.Equal(code, run.Code);
        var lines = run.Output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  #\d+ +\S", line));
        Assert.Contains("stage 1: 5 % of users", lines[1], StringComparison.Ordinal);
        Assert.Contains($"slipway show {release} --json", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_waits_for_notices_names_the_way_out_once()
    {
        var release = await _world.Api.StartSampleAsync();
        await _world.Api.AppendAsync(release, Notice("early", accepted: false), Notice("late", accepted: false), Concluding(), Notice("late", accepted: false));

        var shown = await _world.RunAsync($"show {release}");
        var watched = await _world.RunAsync($"watch {release} --timeout 30s");
        var json = await _world.RunAsync($"watch {release} --timeout 30s --json");

        Assert.Contains($"`slipway acknowledge {release}`", shown.Error, StringComparison.Ordinal);
        Assert.Single(watched.Error.Split('\n'), line => line.Contains($"`slipway acknowledge {release}`", StringComparison.Ordinal));
        Assert.DoesNotContain("slipway acknowledge", json.Output + json.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_release_whose_notices_are_accepted_or_that_still_bakes_asks_for_nothing(bool concluding)
    {
        var release = await _world.Api.StartSampleAsync();
        await _world.Api.AppendAsync(release, Notice("stage-1", accepted: false));
        if (concluding)
            await _world.Api.AppendAsync(release, Notice("stage-1", accepted: true), Concluding());

        var watched = await _world.RunAsync($"watch {release} --timeout 5s");

        Assert.DoesNotContain("slipway acknowledge", watched.Error, StringComparison.Ordinal);
    }

    private static PhaseEntered Concluding() => new(ReleasePhase.Concluding, ReleaseTrigger.Validated, 2, "the checks at 100 % passed", null, "");

    private static MessageSent Notice(string id, bool accepted) =>
        new(id, Checkpoint.Stage, "support@example.com", EffectKind.Mail, accepted, accepted ? "outbox" : "no route to host", false);

    [Fact]
    public async Task Watch_with_json_is_ndjson_with_a_schema_and_an_end()
    {
        var release = await _world.Api.StartSampleAsync();
        await _world.Api.EndAsync(release, ReleasePhase.RolledBack);

        var run = await _world.RunAsync($"watch {release} --json");

        var lines = run.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal((3, ""), (run.Code, run.Error));
        Assert.All(lines, line => Assert.Equal("slipway.watch.v1", line.GetProperty("schema").GetString()));
        Assert.Equal(["release.created.v1", "phase.entered.v1", "release.ended.v1", "end"], lines.Select(line => line.GetProperty("type").GetString()));
        Assert.Equal(3, lines[^1].GetProperty("exit_code").GetInt32());
    }

    [Fact]
    public async Task Watch_that_reaches_its_timeout_exits_6()
    {
        var release = await _world.Api.StartSampleAsync();

        Assert.Equal(6, (await _world.RunAsync($"watch {release} --timeout 5s")).Code);
    }

    [Fact]
    public async Task Watch_survives_a_server_that_is_away_for_a_while()
    {
        var release = await _world.Api.StartSampleAsync();
        var asked = 0;
        _world.Server.Before = _ =>
        {
            asked++;
            if (asked is > 1 and < 10)
                throw new HttpRequestException("Connection refused");
            if (asked == 10)
                _world.Api.EndAsync(release, ReleasePhase.Completed).GetAwaiter().GetResult();
            return null;
        };

        var run = await _world.RunAsync($"watch {release}");

        Assert.Equal(0, run.Code);
        Assert.Single(run.Error.Split('\n'), line => line.StartsWith("Connection lost", StringComparison.Ordinal));
        Assert.Contains("Connected again.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_gives_up_when_the_server_stays_away()
    {
        var release = await _world.Api.StartSampleAsync();
        var asked = 0;
        _world.Server.Before = _ => asked++ == 0 ? null : throw new HttpRequestException("Connection refused");

        var run = await _world.RunAsync($"watch {release}");

        Assert.Equal(1, run.Code);
        Assert.Contains("No server answers", run.Error, StringComparison.Ordinal);
    }
}
