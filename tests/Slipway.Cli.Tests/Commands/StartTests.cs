using System.Text.Json;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Requests;
using Slipway.Web.Tests.Requests;

namespace Slipway.Cli.Tests.Commands;

public sealed class StartTests : IDisposable
{
    private const string Id = "streaming-search-indexer-2.4.0";
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Start_prints_the_id_and_what_to_do_next()
    {
        await _world.WriteSampleAsync();

        var run = await _world.RunAsync("start release.yaml");
        var again = await _world.RunAsync("start release.yaml");

        Assert.Equal(new CliRun(0, $"{Id}\n", $"Started {Id}. Follow it with `slipway watch {Id}`.\n"), run);
        Assert.Equal((0, $"{Id}\n"), (again.Code, again.Output));
        Assert.Contains("was started before", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kept_rehearsal_beside_the_request_goes_with_the_start()
    {
        await _world.WriteSampleAsync();
        var request = ReleaseRequestReader.Read(RequestFile.Parse(System.Text.Encoding.UTF8.GetBytes(Samples.Small), "application/yaml")).Request!;
        _world.Write("rehearsal.json", $$"""
            {"schema":"slipway.rehearsal.v1","release":"{{Id}}","content_hash":"{{RequestHash.Of(request)}}","at":"{{_world.Api.Time.GetUtcNow():O}}","duration_seconds":12.5,
             "complete":true,"seed":1,"seeds":3,"assumptions":[],
             "scenarios":[{"name":"healthy","what":"","stage":1,"expected":"completed","runs":[{"seed":1,"outcome":"completed","why":"","peak_exposure":100},{"seed":2,"outcome":"rolled_back","why":"","requests_harmed":7,"peak_exposure":5,"minutes_to_detect":3.5,"minutes_to_safe":1.2}]},
              {"name":"one-region","what":"","not_applicable":"the plan has one region"}]}
            """);

        var run = await _world.RunAsync("start release.yaml");

        Assert.True(run.Code == 0, run.ToString());
        var created = Assert.IsType<ReleaseCreated>((await _world.Api.Ledger.ReadAsync(ReleaseId.Parse(Id), 0, CancellationToken.None))[0].Read());
        Assert.Equal((true, true, 1, 12.5), (created.Rehearsal!.Passed, created.Rehearsal.Complete, created.Rehearsal.Scenarios, created.Rehearsal.DurationSeconds));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(_world.Folder, "rehearsal.json"))))[..16], created.Rehearsal.Id);
        var rows = created.Rehearsal.Rows!;
        Assert.Equal(("healthy", 1, "1 completed, 1 rolled back", true, ""), (rows[0].Scenario, rows[0].Stage, rows[0].OutcomeText, rows[0].Kept, rows[0].Remark));
        Assert.Equal((3.5, 0L, 100.0, 1.2), (rows[0].MinutesToDetect, rows[0].RequestsHarmed, rows[0].PeakExposure, rows[0].MinutesToSafe));
        Assert.Equal(("one-region", null, "-", null, "the plan has one region"), (rows[1].Scenario, rows[1].Stage, rows[1].OutcomeText, rows[1].Kept, rows[1].Remark));
    }

    [Theory]
    [InlineData("{", "it is no slipway.rehearsal.v1 object")]
    [InlineData("{\"schema\":\"slipway.plan.v1\"}", "it is no slipway.rehearsal.v1 object")]
    public async Task A_rehearsal_that_is_none_is_told_and_nothing_is_started(string text, string why)
    {
        await _world.WriteSampleAsync();
        _world.Write("rehearsal.json", text);

        var run = await _world.RunAsync("start release.yaml");

        Assert.Equal(1, run.Code);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
        Assert.Empty(_world.Api.Engine.Scheduled);
    }

    [Fact]
    public async Task Start_with_json_gives_the_receipt_and_no_message()
    {
        await _world.WriteSampleAsync();

        var run = await _world.RunAsync("start release.yaml --json");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(Id, JsonDocument.Parse(run.Output).RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Same_id_with_other_content_exits_5()
    {
        await _world.WriteSampleAsync();
        await _world.RunAsync("start release.yaml");
        _world.Write("release.yaml", Samples.Small.Replace("bake: 30m", "bake: 40m", StringComparison.Ordinal));

        var run = await _world.RunAsync("start release.yaml");

        Assert.Equal((5, ""), (run.Code, run.Output));
        Assert.Contains(Id, run.Error, StringComparison.Ordinal);
        Assert.Contains("(error id ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problems_and_missing_information_exit_1_and_are_listed()
    {
        _world.Write("bad.yaml", "release:\n  titel: Search\n");
        _world.Write("thin.yaml", "release:\n  title: Search\n");

        var bad = await _world.RunAsync("start bad.yaml");
        var thin = await _world.RunAsync("start thin.yaml");
        var thinJson = await _world.RunAsync("start thin.yaml --json");

        Assert.Equal((1, ""), (bad.Code, bad.Output));
        Assert.Contains("release.titel (line 2, column 3)", bad.Error, StringComparison.Ordinal);
        Assert.Equal((1, ""), (thin.Code, thin.Output));
        Assert.Contains("Next step: ", thin.Error, StringComparison.Ordinal);
        Assert.Equal("insufficient_context", JsonDocument.Parse(thinJson.Error).RootElement.GetProperty("insufficient_context").GetProperty("error").GetString());
    }

    [Fact]
    public async Task Dry_run_has_the_server_check_and_starts_nothing()
    {
        await _world.WriteSampleAsync();

        var run = await _world.RunAsync("start release.yaml --dry-run");

        Assert.Equal((0, ""), (run.Code, run.Output));
        Assert.Contains("Nothing was started", run.Error, StringComparison.Ordinal);
        Assert.Empty(_world.Api.Engine.Scheduled);
    }

    [Theory]
    [InlineData(ReleasePhase.Completed, 0, "completed")]
    [InlineData(ReleasePhase.RolledBack, 3, "rolled back")]
    [InlineData(ReleasePhase.Failed, 3, "failed")]
    public async Task Wait_ends_with_the_release(ReleasePhase phase, int code, string word)
    {
        await _world.WriteSampleAsync();
        await _world.RunAsync("start release.yaml");
        await _world.Api.EndAsync(ReleaseId.Parse(Id), phase);

        var run = await _world.RunAsync("start release.yaml --wait");
        var json = await _world.RunAsync("start release.yaml --wait --json");

        Assert.Equal((code, $"{Id} {word}\n"), (run.Code, run.Output));
        Assert.Contains(word.ToUpperInvariant(), run.Error, StringComparison.Ordinal);
        Assert.Equal((code, ""), (json.Code, json.Error));
        Assert.Equal(word.Replace(' ', '_'), JsonDocument.Parse(json.Output).RootElement.GetProperty("phase").GetString());
    }

    [Fact]
    public async Task Wait_that_reaches_its_timeout_exits_6()
    {
        await _world.WriteSampleAsync();

        var run = await _world.RunAsync("start release.yaml --wait --timeout 10m");

        Assert.Equal((6, $"{Id} received\n"), (run.Code, run.Output));
        Assert.Contains("is not over after 10m", run.Error, StringComparison.Ordinal);
        Assert.Contains($"slipway watch {Id}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_that_reaches_its_timeout_gives_the_last_state_as_JSON_too()
    {
        await _world.WriteSampleAsync();

        var run = await _world.RunAsync("start release.yaml --wait --timeout 10m --json");

        Assert.Equal(6, run.Code);
        using var json = System.Text.Json.JsonDocument.Parse(run.Output);
        Assert.Equal("received", json.RootElement.GetProperty("phase").GetString());
        Assert.EndsWith("Z", json.RootElement.GetProperty("started_at").GetString(), StringComparison.Ordinal);
    }
}
