using System.Text.Json;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Tests.Commands;

public sealed class ReleaseCommandTests : IDisposable
{
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("pause", ReleaseCommandKind.Pause)]
    [InlineData("resume", ReleaseCommandKind.Resume)]
    [InlineData("promote", ReleaseCommandKind.Promote)]
    [InlineData("rollback", ReleaseCommandKind.RollBack)]
    [InlineData("abort", ReleaseCommandKind.Abort)]
    [InlineData("acknowledge", ReleaseCommandKind.AcknowledgeNotices)]
    public async Task Command_waits_until_it_is_applied_and_says_what_changed(string verb, ReleaseCommandKind kind)
    {
        var release = await _world.Api.StartSampleAsync();
        ReleaseCommand? asked = null;
        _world.AnswerCommands(command => new CommandApplied((asked = command).Id, "held at 5 %"));

        var run = await _world.RunAsync($"{verb} {release} --reason because");

        Assert.Equal((0, $"{release}: held at 5 %\n"), (run.Code, run.Output));
        Assert.Contains("`slipway ", run.Error, StringComparison.Ordinal);
        Assert.Equal((kind, "otto", "because"), (asked!.Kind, asked.Actor, asked.Reason));
    }

    [Fact]
    public async Task Extend_carries_its_duration()
    {
        var release = await _world.Api.StartSampleAsync();
        ReleaseCommand? asked = null;
        _world.AnswerCommands(command => new CommandApplied((asked = command).Id, "bakes until 10:00"));

        var run = await _world.RunAsync($"extend {release} --by 1h30m");

        Assert.Equal(0, run.Code);
        Assert.Equal(TimeSpan.FromMinutes(90), asked!.Duration);
    }

    [Fact]
    public async Task Refused_command_exits_5_with_the_reason()
    {
        var release = await _world.Api.StartSampleAsync();
        _world.AnswerCommands(command => new CommandRefused(command.Id, "nothing to promote in preflight"));

        var run = await _world.RunAsync($"promote {release}");

        Assert.Equal((5, ""), (run.Code, run.Output));
        Assert.Contains("promote was refused: nothing to promote in preflight", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_to_an_ended_release_exits_5()
    {
        var release = await _world.Api.StartSampleAsync();
        await _world.Api.EndAsync(release, ReleasePhase.Completed);

        var run = await _world.RunAsync($"rollback {release}");

        Assert.Equal((5, ""), (run.Code, run.Output));
        Assert.Contains("completed", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_that_ends_before_the_command_exits_5()
    {
        var release = await _world.Api.StartSampleAsync();
        _world.Api.Engine.OnWake = id => _world.Api.EndAsync(id, ReleasePhase.Completed);

        var run = await _world.RunAsync($"pause {release}");

        Assert.Equal((5, ""), (run.Code, run.Output));
        Assert.Contains("before pause was carried out", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_without_an_outcome_exits_6_and_is_not_lost()
    {
        var release = await _world.Api.StartSampleAsync();

        var run = await _world.RunAsync($"pause {release} --timeout 10s");

        Assert.Equal((6, ""), (run.Code, run.Output));
        Assert.Contains("not carried out after 10s", run.Error, StringComparison.Ordinal);
        Assert.Contains(await _world.Api.Ledger.ReadAsync(release, 0, TestContext.Current.CancellationToken), entry => entry.Type == "command.received.v1");
    }

    [Fact]
    public async Task No_wait_ends_with_the_receipt()
    {
        var release = await _world.Api.StartSampleAsync();

        var run = await _world.RunAsync($"pause {release} --no-wait");

        Assert.Equal((0, $"{release}: pause recorded\n"), (run.Code, run.Output));
        Assert.Contains("ledger entry 2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_says_command_outcome_and_effect()
    {
        var release = await _world.Api.StartSampleAsync();
        _world.AnswerCommands(command => new CommandApplied(command.Id, "held"));

        var run = await _world.RunAsync($"pause {release} --json");

        var json = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(("applied", "held", ""), (json.GetProperty("outcome").GetString(), json.GetProperty("effect").GetString(), run.Error));
    }

    [Fact]
    public async Task Acknowledge_of_a_release_that_waits_for_no_notice_exits_5()
    {
        var release = await _world.Api.StartSampleAsync();
        _world.AnswerCommands(command => new CommandRefused(command.Id, "notices can be acknowledged only when a release at 100 % waits for them"));

        var run = await _world.RunAsync($"acknowledge {release}");

        Assert.Equal((5, ""), (run.Code, run.Output));
        Assert.Contains("acknowledge was refused: notices can be acknowledged only when", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dry_run_of_acknowledge_says_that_the_release_ends()
    {
        var release = await _world.Api.StartSampleAsync();

        var run = await _world.RunAsync($"acknowledge {release} --dry-run");

        Assert.Equal(0, run.Code);
        Assert.Contains("ends as completed", run.Output, StringComparison.Ordinal);
        Assert.Single(await _world.Api.Ledger.ReadAsync(release, 0, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Dry_run_states_the_consequence_and_sends_nothing()
    {
        var release = await _world.Api.StartSampleAsync();

        var run = await _world.RunAsync($"rollback {release} --dry-run");

        Assert.Equal(0, run.Code);
        Assert.Contains("every user returns to the old version", run.Output, StringComparison.Ordinal);
        Assert.Single(await _world.Api.Ledger.ReadAsync(release, 0, TestContext.Current.CancellationToken));
    }
}
