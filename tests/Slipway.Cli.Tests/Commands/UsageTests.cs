using System.CommandLine;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Fakes;

namespace Slipway.Cli.Tests.Commands;

public sealed class UsageTests : IDisposable
{
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("lst", "slipway list")]
    [InlineData("flags crate x", "slipway flags create")]
    [InlineData("audit verfy x", "slipway audit verify")]
    [InlineData("list --jsn", "--json")]
    [InlineData("start x.yaml --wiat", "--wait")]
    public async Task Misspelt_word_exits_2_on_stderr_and_suggests(string line, string suggestion)
    {
        var run = await _world.RunAsync(line);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains($"Did you mean `{suggestion}`?", run.Error, StringComparison.Ordinal);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("show")]
    [InlineData("show Not_An_Id!")]
    [InlineData("list --limit 0")]
    [InlineData("list --limit 201")]
    [InlineData("list --limit many")]
    [InlineData("list --skip -1")]
    [InlineData("extend x")]
    [InlineData("extend x --by 0m")]
    [InlineData("extend x --by soon")]
    [InlineData("pause x --by 5m")]
    [InlineData("start x.yaml --timeout 5m")]
    [InlineData("start x.yaml --wait --dry-run")]
    [InlineData("schema nothing")]
    [InlineData("version extra")]
    [InlineData("why x")]
    [InlineData("audit")]
    [InlineData("@file")]
    public async Task Wrong_usage_exits_2_and_keeps_stdout_empty(string line)
    {
        var run = await _world.RunAsync(line);

        Assert.True(run.Code == 2, run.ToString());
        Assert.Equal("", run.Output);
        Assert.NotEqual("", run.Error);
        Assert.Empty(_world.Server.Authorizations);
    }

    [Fact]
    public async Task No_command_shows_the_help_on_stderr_and_exits_2()
    {
        var run = await _world.RunAsync("");

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("validate", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("start --help")]
    [InlineData("rollback -h")]
    public async Task Help_goes_to_stdout_and_exits_0(string line)
    {
        var run = await _world.RunAsync(line);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_error_with_json_is_json_on_stderr()
    {
        var run = await _world.RunAsync("lst --json");

        Assert.Equal((2, ""), (run.Code, run.Output));
        var error = JsonDocument.Parse(run.Error).RootElement;
        Assert.Equal("slipway.error.v1", error.GetProperty("schema").GetString());
        Assert.Equal("slipway list", error.GetProperty("suggestion").GetString());
    }

    [Fact]
    public async Task Version_is_data()
    {
        Assert.StartsWith("slipway 0.", (await _world.RunAsync("version")).Output, StringComparison.Ordinal);
        Assert.NotEqual("", JsonDocument.Parse((await _world.RunAsync("version --json")).Output).RootElement.GetProperty("version").GetString());
    }

    [Theory]
    [InlineData("schema", "stages")]
    [InlineData("schema request", "stages")]
    [InlineData("schema report", "release_id")]
    public async Task Schema_prints_a_json_schema(string line, string word)
    {
        var run = await _world.RunAsync(line);

        Assert.Equal(0, run.Code);
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", JsonDocument.Parse(run.Output).RootElement.GetProperty("$schema").GetString());
        Assert.Contains(word, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("boom")]
    [InlineData("boom --json")]
    public async Task Unexpected_exception_gives_an_id_and_a_file_but_no_stack_trace(string line)
    {
        Directory.CreateDirectory(Path.Combine(_world.Folder, ".slipway"));
        _world.Extra = new Boom(() => throw new InvalidOperationException("first line\nsecond line"));

        var run = await _world.RunAsync(line);

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Contains("first line second line", run.Error, StringComparison.Ordinal);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_world.Folder, ".slipway", "errors")));
        Assert.Contains(Path.GetFileName(file), run.Error, StringComparison.Ordinal);
        Assert.Contains("   at ", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_command_exits_130()
    {
        using var ctrlC = new CancellationTokenSource();
        _world.Extra = new Boom(() =>
        {
            ctrlC.Cancel();
            ctrlC.Token.ThrowIfCancellationRequested();
        });

        var run = await _world.RunAsync("boom", ctrlC.Token);

        Assert.Equal((130, ""), (run.Code, run.Output));
        Assert.StartsWith("Interrupted.", run.Error, StringComparison.Ordinal);
    }

    private sealed class Boom(Action action) : ICliCommand
    {
        public Command Build(CliHost host)
        {
            var command = new Command("boom", "Fails");
            command.SetAction((_, _) =>
            {
                action();
                return Task.FromResult(0);
            });
            return command;
        }
    }
}
