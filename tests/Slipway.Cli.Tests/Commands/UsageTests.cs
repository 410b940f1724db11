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
    [InlineData("wy x")]
    [InlineData("audit")]
    [InlineData("@file")]
    [InlineData("flags")]
    [InlineData("flags create .")]
    [InlineData("flags create ..")]
    [InlineData("audit verify x.jsonl --head banana")]
    public async Task Wrong_usage_exits_2_and_keeps_stdout_empty(string line)
    {
        var run = await _world.RunAsync(line);

        Assert.True(run.Code == 2, run.ToString());
        Assert.Equal("", run.Output);
        Assert.NotEqual("", run.Error);
        Assert.Empty(_world.Server.Authorizations);
    }

    [Theory]
    [InlineData("list --limit many", "'many' is not a whole number for --limit")]
    [InlineData("serve --port abc", "'abc' is not a whole number for --port")]
    [InlineData("pause", "expected `slipway pause ID`")]
    [InlineData("flags", "Commands: list, create")]
    [InlineData("audit verify x.jsonl --head banana", "'banana' is not a hash for --head: expected 64 hexadecimal digits")]
    public async Task Wrong_usage_says_what_is_expected_in_the_words_of_the_command_line(string line, string words)
    {
        var run = await _world.RunAsync(line);

        Assert.True(run.Code == 2, run.ToString());
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("serve")]
    [InlineData("list")]
    public async Task Empty_data_folder_is_refused_and_not_taken_for_the_current_directory(string command)
    {
        var run = await _world.RunAsync(command, "--data", "");

        Assert.True(run.Code == 2, run.ToString());
        Assert.Contains("--data is empty: expected a folder", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_world.Folder));
    }

    [Theory]
    [InlineData("boom")]
    [InlineData("boom --json")]
    public async Task Output_that_cannot_be_written_is_no_internal_error(string line)
    {
        _world.Extra = new Boom(() => throw new IOException("No space left on device"));

        var run = await _world.RunAsync(line);

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("No space left on device", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lst --json")]
    [InlineData("boom --json")]
    [InlineData("serve --json --policy nothing.yaml")]
    [InlineData("list --json --server nonsense")]
    public async Task Every_json_error_has_the_same_members(string line)
    {
        // Where there is one the details of a defect are in it, and not in the machine's temporary folder.
        Directory.CreateDirectory(Path.Combine(_world.Folder, ".slipway"));
        _world.Extra = new Boom(() => throw new InvalidOperationException("a defect"));

        var run = await _world.RunAsync(line);

        var error = JsonDocument.Parse(run.Error).RootElement;
        Assert.Equal("slipway.error.v1", error.GetProperty("schema").GetString());
        Assert.Equal(run.Code, error.GetProperty("exit_code").GetInt32());
        Assert.All(new[] { "error", "what", "why", "fix" }, member => Assert.Equal(JsonValueKind.String, error.GetProperty(member).ValueKind));
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
