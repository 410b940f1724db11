using System.Text.Json;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Tests.Commands;

public sealed class AuditAndFlagTests : IDisposable
{
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Audit_of_an_intact_ledger_is_ok_online_and_offline()
    {
        var (release, lines) = await ExportAsync();
        _world.Write("ledger.jsonl", string.Join('\n', lines) + "\n");

        var online = await _world.RunAsync($"audit verify {release}");
        _world.Server.Before = _ => throw new InvalidOperationException("a file needs no server");
        var offline = await _world.RunAsync("audit verify ledger.jsonl --json");

        Assert.Equal(0, online.Code);
        Assert.StartsWith($"{release}: ok: 3 entries verified", online.Output, StringComparison.Ordinal);
        var json = JsonDocument.Parse(offline.Output).RootElement;
        Assert.Equal((0, "slipway.audit.v1", true, 3), (offline.Code, json.GetProperty("schema").GetString(), json.GetProperty("ok").GetBoolean(), json.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task Audit_shows_every_kind_of_tampering()
    {
        var (_, lines) = await ExportAsync();
        var head = LedgerLines.Read(lines[^1]).Hash;
        var cases = new (string[] Lines, string Option)[]
        {
            ([lines[0], lines[1].Replace("for the test", "for the best", StringComparison.Ordinal), lines[2]], ""),
            ([lines[0], lines[2]], ""),
            ([lines[1], lines[0], lines[2]], ""),
            ([lines[0], lines[1]], $" --head {head}"),
        };

        foreach (var (tampered, option) in cases)
        {
            _world.Write("ledger.jsonl", string.Join('\n', tampered) + "\n");
            var run = await _world.RunAsync($"audit verify ledger.jsonl{option}");

            Assert.Equal(1, run.Code);
            Assert.StartsWith("ledger.jsonl: BAD: ", run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Audit_with_the_right_head_is_ok()
    {
        var (_, lines) = await ExportAsync();
        _world.Write("ledger.jsonl", string.Join('\n', lines));

        Assert.Equal(0, (await _world.RunAsync($"audit verify ledger.jsonl --head {LedgerLines.Read(lines[^1]).Hash}")).Code);
    }

    [Theory]
    [InlineData("", "holds no ledger entry")]
    [InlineData("{}\n", "line 1")]
    [InlineData("not json\n", "line 1")]
    public async Task Audit_of_what_is_no_ledger_exits_1(string text, string why)
    {
        _world.Write("ledger.jsonl", text);

        var run = await _world.RunAsync("audit verify ledger.jsonl");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit verify nothing.jsonl", "Cannot read")]
    [InlineData("audit verify Not_An_Id", "neither a file nor a release id")]
    [InlineData("audit verify folder.jsonl", "it is a directory")]
    public async Task Audit_of_nothing_exits_1(string line, string why)
    {
        Directory.CreateDirectory(Path.Combine(_world.Folder, "folder.jsonl"));

        var run = await _world.RunAsync(line);

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flags_create_and_list()
    {
        var empty = await _world.RunAsync("flags list");
        var created = await _world.RunAsync("flags create search-v2");
        var again = await _world.RunAsync("flags create search-v2");
        var list = await _world.RunAsync("flags list");
        var json = await _world.RunAsync("flags list --json");

        Assert.Contains("slipway flags create NAME", empty.Error, StringComparison.Ordinal);
        Assert.Equal((0, "search-v2\n"), (created.Code, created.Output));
        Assert.Contains("off", created.Error, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", again.Error, StringComparison.Ordinal);
        Assert.Equal("search-v2  off\n", list.Output);
        Assert.Equal(1, JsonDocument.Parse(json.Output).RootElement.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Flags_create_takes_a_name_with_a_slash_as_app_configuration_does()
    {
        var created = await _world.RunAsync("flags create team/search");

        Assert.Equal((0, "team/search\n"), (created.Code, created.Output));
        Assert.Equal("team/search  off\n", (await _world.RunAsync("flags list")).Output);
    }

    [Fact]
    public async Task Flags_create_and_list_take_a_label()
    {
        await _world.RunAsync("flags create search-v2");
        var created = await _world.RunAsync("flags create search-v2 --label prod/westeurope");

        Assert.Equal((0, "search-v2@prod/westeurope\n"), (created.Code, created.Output));
        Assert.Equal("search-v2@prod/westeurope  off\n", (await _world.RunAsync("flags list --label prod/westeurope")).Output);
        Assert.Equal("search-v2                  off\nsearch-v2@prod/westeurope  off\n", (await _world.RunAsync("flags list")).Output);
        var wrong = await _world.RunAsync("flags create search-v2@prod");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("--label", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flags_create_with_a_bad_name_exits_1() => Assert.Equal(1, (await _world.RunAsync("flags create a:b")).Code);

    private async Task<(ReleaseId Release, string[] Lines)> ExportAsync()
    {
        var release = await _world.Api.StartSampleAsync();
        await _world.Api.EndAsync(release, ReleasePhase.Completed);
        var text = (await _world.Api.SendAsync("GET", $"/api/releases/{release}/ledger")).Body;
        return (release, text.TrimEnd().Split('\n'));
    }
}
