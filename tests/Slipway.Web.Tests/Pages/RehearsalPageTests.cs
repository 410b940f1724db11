using System.Net;
using System.Text.Json;
using Slipway.Core.Documents.Evidence;
using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Api;
using Slipway.Web.Requests;
using Slipway.Web.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Web.Tests.Pages;

/// <summary>The page of what is known before anybody is exposed.</summary>
public sealed class RehearsalPageTests
{
    private static readonly string WithTraffic = Samples.Small + "\noperations: { traffic_rps: 400, base_error_rate: 0.4% }\n";

    private readonly ApiWorld _world = new();

    private static readonly RehearsalRow Kept = new()
    {
        Scenario = "error-x5<script>",
        Stage = 1,
        Outcomes = new Dictionary<string, int> { ["rolled_back"] = 3 },
        MinutesToDetect = 4.5,
        RequestsHarmed = 1204,
        PeakExposure = 5,
        MinutesToSafe = 1.2,
        Kept = true,
    };

    [Fact]
    public async Task What_a_start_stated_is_shown_as_its_word_row_by_row_with_the_power_of_the_stages()
    {
        var release = await StartAsync(new RehearsalRow { Scenario = "one-region", Remark = "the plan has <one> region" });
        var page = await _world.SendAsync("GET", $"/releases/{release}/rehearsal", token: ApiWorld.ViewerToken);

        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("<script>", page.Body, StringComparison.Ordinal);
        var text = WebUtility.HtmlDecode(page.Body);
        foreach (var said in new[] { "every promise kept (rehearsal 0123456789abcdef)", "As stated by whoever started the release (otto)", "3 rolled back", "4.5 min", "1,204", "5 %", "1.2 min", "does not apply: the plan has <one> region" })
            Assert.Contains(said, text, StringComparison.Ordinal);
        var created = (ReleaseCreated)(await _world.Ledger.ReadAsync(release, 0, CancellationToken.None))[0].Read();
        var evidence = StartEvidence.Of(created);
        Assert.NotEmpty(evidence.Power);
        Assert.All(evidence.Assumptions.Concat(evidence.Power.SelectMany(line => line.Cells)), cell => Assert.Contains(cell, text, StringComparison.Ordinal));
        Assert.Equal($"http://localhost:5180/releases/{release}/rehearsal", evidence.Page);
    }

    [Fact]
    public async Task Without_a_rehearsal_it_says_so_and_gives_the_command_and_the_release_links_to_it()
    {
        var release = await _world.StartSampleAsync();
        var page = WebUtility.HtmlDecode((await _world.SendAsync("GET", $"/releases/{release}/rehearsal", token: ApiWorld.ViewerToken)).Body);

        Assert.Contains("The rollback plan is not rehearsed: found no rehearsal of the way back", page, StringComparison.Ordinal);
        Assert.Contains("<code>slipway rehearse release.yaml</code>", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/releases/{release}/rehearsal\"", (await _world.SendAsync("GET", $"/releases/{release}", token: ApiWorld.ViewerToken)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_see_releases_does_not_see_it_either()
    {
        var release = await _world.StartSampleAsync();

        Assert.Equal(303, (await _world.SendAsync("GET", $"/releases/{release}/rehearsal", token: null)).Status);
        Assert.Equal(403, (await _world.SendAsync("GET", $"/releases/{release}/rehearsal", token: ApiWorld.TelemetryToken)).Status);
        Assert.Equal(404, (await _world.SendAsync("GET", "/releases/no-such/rehearsal", token: ApiWorld.ViewerToken)).Status);
    }

    [Fact]
    public async Task The_ledger_of_a_start_has_the_rows_by_name()
    {
        var release = await StartAsync(new RehearsalRow { Scenario = "one-region", Remark = "the plan has one region" });
        using var first = JsonDocument.Parse((await _world.SendAsync("GET", $"/api/releases/{release}/ledger", token: ApiWorld.ViewerToken)).Body.Split('\n')[0]);

        Assert.Contains("\"outcomes\":{\"rolled_back\":3},\"minutes_to_detect\":4.5", first.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    private async Task<ReleaseId> StartAsync(RehearsalRow unfit)
    {
        await _world.Flags.CreateOffAsync("search-v2", CancellationToken.None);
        var request = ReleaseRequestReader.Read(YamlRequestDocument.Parse(WithTraffic)).Request!;
        var proof = new RehearsalProof("0123456789abcdef", ApiWorld.Start.AddHours(-1), 12.5, RequestHash.Of(request), true, true, 1) { Rows = [Kept, unfit] };
        var answer = await _world.SendAsync("POST", "/api/releases", WithTraffic, "application/yaml", headers: (RehearsalHeader.Name, RehearsalHeader.Write(proof)));
        Assert.True(answer.Status == 201, answer.Body);
        return ReleaseId.Parse(answer.Json.GetProperty("id").GetString()!);
    }
}
