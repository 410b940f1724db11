using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Documents;
using Slipway.Core.Requests;
using Slipway.Web.Requests;
using Slipway.Web.Tests.Documents;
using Slipway.Web.Tests.Requests;

namespace Slipway.Cli.Tests.Commands;

public sealed class PlanTests : IDisposable
{
    private readonly CliWorld _world = new();

    public PlanTests()
    {
        _world.Write("release.yaml", Samples.Small);
        _world.Write("full.yaml", Samples.Full);
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    [Trait("requirement", "X02")]
    public async Task It_writes_every_document_into_a_folder_that_it_makes()
    {
        var run = await _world.RunAsync("plan full.yaml --out plans/new --html");

        Assert.True(run.Code == 0, run.ToString());
        Assert.Empty(_world.Server.Authorizations);
        var files = run.Output.TrimEnd().Split('\n');
        Assert.Equal(2 * (ReleaseDocuments.Names.Count - 2), files.Length);
        Assert.All(files, file => Assert.True(new FileInfo(Path.Combine(_world.Folder, file)).Length > 0, file));
        Assert.StartsWith("## PhasedPlan\n", await File.ReadAllTextAsync(Path.Combine(_world.Folder, "plans/new/phased-plan.md")), StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(Path.Combine(_world.Folder, "plans/new/phased-plan.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_document_is_printed()
    {
        var run = await _world.RunAsync("plan release.yaml --only rollback-strategy");

        Assert.Equal(0, run.Code);
        Assert.StartsWith("## Rollback Strategy: Streaming search indexer\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rehearsal_beside_the_request_that_fits_it_is_in_the_documents()
    {
        var request = ReleaseRequestReader.Read(RequestFile.Parse(await File.ReadAllBytesAsync(Path.Combine(_world.Folder, "release.yaml")), "application/yaml")).Request!;
        Rehearsed(RequestHash.Of(request));

        var run = await _world.RunAsync("plan release.yaml --only rehearsal");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("| error-x5 | 1 | 1 rolled back | 3.5 min | 7 | 5 % | 1.2 min | kept |", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_fit_is_told_and_is_in_no_document()
    {
        Rehearsed("00ff");

        var run = await _world.RunAsync("plan release.yaml --only rehearsal");

        Assert.Equal(0, run.Code);
        Assert.Contains("rehearsal.json beside the request does not count: it is a rehearsal of another request (content 00ff", run.Error, StringComparison.Ordinal);
        Assert.Contains("The rollback plan is not rehearsed: found a rehearsal of another request", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("error-x5", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_cannot_be_read_is_told_and_keeps_nobody_from_the_plans()
    {
        _world.Write("rehearsal.json", "{");

        var run = await _world.RunAsync("plan release.yaml --only rehearsal");

        Assert.Equal(0, run.Code);
        Assert.Contains("does not count: it is a file that cannot be read: it is no slipway.rehearsal.v1 object", run.Error, StringComparison.Ordinal);
        Assert.Contains("## Power", run.Output, StringComparison.Ordinal);
    }

    private void Rehearsed(string hash) => _world.Write("rehearsal.json", $$"""
        {"schema":"slipway.rehearsal.v1","release":"x","content_hash":"{{hash}}","at":"{{_world.Api.Time.GetUtcNow():O}}","complete":true,"seed":1,"seeds":1,"assumptions":[],
         "scenarios":[{"name":"error-x5","what":"","stage":1,"expected":"rolled_back","runs":[{"seed":1,"outcome":"rolled_back","why":"","requests_harmed":7,"peak_exposure":5,"minutes_to_detect":3.5,"minutes_to_safe":1.2}]}]}
        """);

    [Fact]
    public async Task Without_a_folder_it_lists_what_there_is()
    {
        var run = await _world.RunAsync("plan release.yaml");

        Assert.Contains("rollout-plan.md\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("--out DIR", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_says_too_little_gives_the_questions_and_no_plan()
    {
        _world.Write("little.yaml", "release: { title: x }\n");
        var run = await _world.RunAsync("plan little.yaml --out plans --json");

        Assert.Equal(1, run.Code);
        var answer = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("insufficient_context", answer.GetProperty("insufficient_context").GetProperty("error").GetString());
        Assert.Equal(["plans/phased-plan.md", "plans/clarifying-questions.md"], answer.GetProperty("files").EnumerateArray().Select(file => file.GetString()!.Replace('\\', '/')));
    }

    [Theory]
    [InlineData("plan release.yaml --only nothing", "There is no document 'nothing'")]
    [InlineData("plan release.yaml --html", "--html writes pages")]
    [InlineData("plan release.yaml --only incident-report --out x", "")]
    [InlineData("plan missing.yaml --out x", "there is no such file")]
    public async Task What_cannot_be_is_said(string command, string words)
    {
        var run = await _world.RunAsync(command);

        Assert.NotEqual(0, run.Code);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_a_file_is_an_error_with_a_reason()
    {
        _world.Write("taken", "");
        var run = await _world.RunAsync("plan release.yaml --out taken");

        Assert.Equal(1, run.Code);
        Assert.Contains("Cannot write into 'taken'", run.Error, StringComparison.Ordinal);
    }

    /// <summary>A runbook that names a command which does not exist is worse than none.</summary>
    [Theory]
    [InlineData("tiny")]
    [InlineData("authentication")]
    [InlineData("data-migration")]
    [Trait("requirement", "S001-04")]
    [Trait("requirement", "S004-218")]
    public async Task Every_command_of_Slipway_in_the_documents_is_one(string request)
    {
        var text = string.Concat(ReleaseDocuments.Render(SampleDossiers.Of(request)).Select(document => document.Text));
        var commands = Regex.Matches(text, "(?:`|\n|with )slipway ([a-z][^`\n]*?)(?=`|\n|[.;,] )").Select(match => match.Groups[1].Value.Trim().TrimEnd('.')).Distinct().ToList();
        Assert.True(commands.Count >= 5, string.Join('\n', commands));
        foreach (var command in commands)
        {
            var run = await _world.RunAsync($"{command} --help");
            Assert.True(run.Code == 0, $"slipway {command}: {run}");
        }
    }
}
