using System.Text.Json;
using Slipway.Cli.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Cli.Tests.Commands;

public sealed class InitTests : IDisposable
{
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_init_writes_starts_as_it_is()
    {
        var run = await _world.RunAsync("init");

        Assert.True(run.Code == 0, run.ToString());
        Assert.Equal("", run.Output);
        Assert.Equal("Wrote release.yaml. Create its flag with `slipway flags create search-v2`, then `slipway start release.yaml`.\n", run.Error);
        Assert.Equal(0, (await _world.RunAsync("flags create search-v2")).Code);
        var start = await _world.RunAsync("start release.yaml");
        Assert.True(start.Code == 0, start.ToString());
        Assert.Single(_world.Api.Engine.Scheduled);
        Assert.InRange(Text("release.yaml").TrimEnd().Split('\n').Length, 15, 22);
    }

    [Fact]
    public async Task Full_writes_every_field()
    {
        Assert.Equal(0, (await _world.RunAsync("init all.yaml --full")).Code);

        Assert.Equal(Samples.Full, Text("all.yaml"));
    }

    [Fact]
    public async Task A_file_that_is_there_is_kept_unless_forced()
    {
        _world.Write("release.yaml", "mine");

        var refused = await _world.RunAsync("init");

        Assert.Equal((5, ""), (refused.Code, refused.Output));
        Assert.Contains("Cannot write 'release.yaml': it is there already", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", Text("release.yaml"));
        Assert.Equal(0, (await _world.RunAsync("init --force")).Code);
        Assert.Equal(Samples.Small, Text("release.yaml"));
    }

    [Fact]
    public async Task A_dry_run_prints_and_writes_nothing()
    {
        var run = await _world.RunAsync("init --dry-run");

        Assert.Equal((0, Samples.Small), (run.Code, run.Output));
        Assert.False(File.Exists(Path.Combine(_world.Folder, "release.yaml")));
    }

    [Theory]
    [InlineData("folder", "it is a directory")]
    [InlineData("no/such/release.yaml", "its directory does not exist")]
    public async Task A_place_that_cannot_be_written_is_a_clear_error(string file, string why)
    {
        Directory.CreateDirectory(Path.Combine(_world.Folder, "folder"));

        var run = await _world.RunAsync($"init {file}");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains($"Cannot write '{file}': {why}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S000-53")]
    [Trait("requirement", "S000-56")]
    public async Task A_brief_becomes_a_request_with_its_two_questions()
    {
        _world.Write("request.md", BriefExample.Text);

        var run = await _world.RunAsync("init --from request.md");

        Assert.True(run.Code == 0, run.ToString());
        Assert.Equal(
            [
                "Question  release.start_at: When is it to be released?",
                "Question  system.flag_framework: Which feature flag framework is in use? None is an answer.",
                "Wrote release.yaml. See what it lacks with `slipway validate release.yaml`.",
            ],
            run.Error.TrimEnd().Split('\n'));
        Assert.StartsWith(
            """
            # From request.md. Fill in what says TBD, then: slipway validate release.yaml
            release:
              title: New search indexing pipeline
              start_at: TBD  # When is it to be released?
              version: TBD  # Which version is released?
            """.ReplaceLineEndings("\n"),
            Text("release.yaml"), StringComparison.Ordinal);
        Assert.Contains("    cloud: GKE on GCP\n", Text("release.yaml"), StringComparison.Ordinal);
        Assert.Contains("# telemetry: Which telemetry tells how both versions do? Add telemetry with its source, for example embedded.\n", Text("release.yaml"), StringComparison.Ordinal);

        var validated = await _world.RunAsync("validate release.yaml");
        Assert.Equal(1, validated.Code);
        Assert.Contains("release.version: missing the version that is released", validated.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown field", validated.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_brief_without_a_task_is_refused()
    {
        _world.Write("request.md", "# CONTEXT\n- Traffic: 1k RPS\n");

        var run = await _world.RunAsync("init --from request.md");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("expected a brief with the headings PERSONA, TASK, CONTEXT and FORMAT", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_world.Folder, "release.yaml")));
    }

    [Fact]
    public async Task Two_ways_to_fill_the_file_are_a_usage_error() =>
        Assert.Equal(2, (await _world.RunAsync("init --full --from request.md")).Code);

    [Fact]
    public async Task Json_says_what_was_written()
    {
        var run = await _world.RunAsync("init --json");

        var json = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(("slipway.init.v1", "release.yaml", true), (json.GetProperty("schema").GetString(), json.GetProperty("file").GetString(), json.GetProperty("written").GetBoolean()));
        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    private string Text(string name) => File.ReadAllText(Path.Combine(_world.Folder, name));
}
