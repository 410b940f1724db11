using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Policy;
using Slipway.Web.Requests;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Cli.Tests.Commands;

public sealed class DashboardAndKeyTests : IDisposable
{
    private readonly CliWorld _world = new();

    [Fact]
    public async Task Dashboard_prints_a_link_that_signs_in_once()
    {
        var run = await _world.RunAsync("dashboard search-v2");

        Assert.Equal(ExitCodes.Done, run.Code);
        var link = new Uri(run.Output.Trim());
        var browser = new Browser(_world.Api);
        var done = await browser.SubmitAsync(await browser.GetAsync(link.PathAndQuery));
        Assert.Equal((303, "/releases/search-v2"), (done.Status, done.Location));
        Assert.Contains("once, within 10 minutes", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dashboard_of_what_cannot_be_an_id_is_a_usage_error()
    {
        var run = await _world.RunAsync("dashboard", "../x");

        Assert.Equal(ExitCodes.Usage, run.Code);
        Assert.Contains("'../x' is not a release's id", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_printed_once_and_the_policy_lines_hold_its_hash_alone()
    {
        var run = await _world.RunAsync("key", "dana@example.com", "--role", "viewer", "--role", "approver");

        var key = run.Output.Trim();
        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.DoesNotContain(key, run.Error, StringComparison.Ordinal);
        var yaml = run.Error[run.Error.IndexOf("keys:", StringComparison.Ordinal)..];
        var policy = ServerPolicyReader.Read(RequestFile.Parse(yaml, "policy.yaml")).Policy!;
        var stored = Assert.Single(policy.Keys);
        Assert.Equal("dana@example.com", stored.Name);
        Assert.Equal([PolicyRole.Viewer, PolicyRole.Approver], stored.Roles);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))), stored.Sha256);
    }

    [Fact]
    public async Task A_key_as_json_has_everything_on_stdout()
    {
        var run = await _world.RunAsync("key", "ci \"build\"", "--role", "operator", "--json");

        var json = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("ci \"build\"", json.GetProperty("name").GetString());
        Assert.Equal("operator", json.GetProperty("roles")[0].GetString());
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task An_unknown_role_names_the_right_ones()
    {
        var run = await _world.RunAsync("key", "dana", "--role", "king");

        Assert.Equal(ExitCodes.Usage, run.Code);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F")]
    [InlineData("zsh", "compdef")]
    [InlineData("fish", "complete -c slipway")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_prints_a_script_that_asks_the_program(string shell, string word)
    {
        var run = await _world.RunAsync($"completion {shell}");

        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.Contains(word, run.Output, StringComparison.Ordinal);
        Assert.Contains("[suggest:", run.Output, StringComparison.Ordinal);

        var suggested = await _world.RunAsync("[suggest:10]", "slipway wa");
        Assert.Equal("watch", suggested.Output.Trim());
    }

    public void Dispose() => _world.Dispose();
}
