using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Slipway.Cli.Client;
using Slipway.Functions.Composition;
using Slipway.Functions.Tests.Engine;
using Slipway.Workflow.Engine;

namespace Slipway.Functions.Tests.Composition;

/// <summary>On somebody's machine the tokens of a folder sign in over Azure's adapters too; on the platform never.</summary>
public sealed class WorkstationTests : IAsyncDisposable
{
    private const string Url = "http://localhost:7071";

    private readonly AzureWorld _world = new();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"slipway-workstation-{Guid.NewGuid():N}");

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    public static TheoryData<string> Platforms => [.. Workstation.PlatformSettings];

    [Fact]
    public async Task The_tokens_of_the_folder_sign_in_as_on_the_one_machine_server()
    {
        var adapters = Open();
        var file = ServerFile.Read(_folder)!;
        Assert.Equal(Url, file.Url);
        Assert.Equal(401, await AskAsync(adapters, "GET", "/api/releases", null));
        Assert.Equal(200, await AskAsync(adapters, "GET", "/api/releases", file.OperatorToken));
        Assert.Equal(201, await AskAsync(adapters, "POST", "/flags/search-v2", file.OperatorToken));
        Assert.Equal(403, await AskAsync(adapters, "GET", "/api/releases", file.TelemetryToken));
        Assert.Equal(200, await AskAsync(adapters, "GET", "/sign-in", null));

        // A page of another site that leads its name to this machine gets nothing.
        Assert.Equal(403, await AskAsync(adapters, "GET", "/api/releases", file.OperatorToken, "evil.example"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, ServerFile.Name)));
    }

    [Fact]
    public async Task Keys_of_the_policy_count_there()
    {
        const string Key = "lee-viewer-key-0123456789";
        _world.PutPolicy($"keys: [{{ name: lee@example.com, roles: [viewer], sha256: {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))} }}]");
        var adapters = Open();
        Assert.Equal(200, await AskAsync(adapters, "GET", "/api/releases", Key));
        Assert.Equal(403, await AskAsync(adapters, "POST", "/flags/search-v2", Key));
        Assert.Equal("ok", adapters.Standing!().Words);
    }

    [Fact]
    public async Task A_header_of_the_platform_signs_nobody_in_there()
    {
        var adapters = Open(("WEBSITE_AUTH_ENABLED", "True"));
        await using var host = await InProcessHost.StartAsync(new WorkflowRegistry());
        var (status, _) = await AzureWorld.AskAsync(AzureWorld.App(adapters), host, "GET", "/api/releases", "dana@example.com", adjust: context => context.Request.Host = new HostString("localhost", 7071));
        Assert.Equal(401, status);
    }

    [Fact]
    public void It_says_at_the_start_how_to_sign_in_and_shows_no_token()
    {
        var notice = Assert.Single(Open().Notices);
        Assert.Contains($"slipway list --data {_folder}", notice, StringComparison.Ordinal);
        Assert.DoesNotContain(ServerFile.Read(_folder)!.OperatorToken, notice, StringComparison.Ordinal);
        Assert.Contains("Set SLIPWAY_DATA to a folder", Assert.Single(Open(("SLIPWAY_DATA", null)).Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_keeps_the_tokens_of_the_one_before()
    {
        Open();
        var before = ServerFile.Read(_folder);
        Open();
        Assert.Equal(before, ServerFile.Read(_folder));
    }

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task On_the_platform_there_are_no_tokens_whatever_the_settings_say(string setting)
    {
        var adapters = Open((setting, "something"));
        Assert.False(Directory.Exists(_folder));
        Assert.Empty(adapters.Notices);
        Assert.Equal(401, await AskAsync(adapters, "GET", "/api/releases", new string('0', 64)));
    }

    [Theory]
    [InlineData("https://slipway.example.com")]
    [InlineData("https://127.0.0.1.example.com")]
    [InlineData("https://localhost.example.com")]
    [InlineData("https://10.0.0.1")]
    public void At_an_address_that_others_reach_there_are_no_tokens(string url)
    {
        Open(("SLIPWAY_BASE_URL", url));
        Assert.False(Directory.Exists(_folder));
    }

    [Theory]
    [InlineData("http://localhost:7071", true)]
    [InlineData("http://127.0.0.1:7071", true)]
    [InlineData("http://[::1]:7071", true)]
    [InlineData("http://192.168.0.2:7071", false)]
    [InlineData("nothing", false)]
    [InlineData(null, false)]
    public void A_workstation_is_reached_at_a_loopback_address(string? url, bool workstation) =>
        Assert.Equal(workstation, Workstation.Is(new ConfigurationBuilder().AddInMemoryCollection([new("SLIPWAY_BASE_URL", url)]).Build()));

    [Fact]
    public void A_folder_that_cannot_be_had_is_named_with_what_is_expected()
    {
        Assert.Contains("Expected: an absolute path", Assert.Throws<AdapterSettingsException>(() => Open(("SLIPWAY_DATA", "tokens"))).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder + ".file", "");
        var error = Assert.Throws<AdapterSettingsException>(() => Open(("SLIPWAY_DATA", $"{_folder}.file/tokens")));
        Assert.Contains("Expected: a folder that may be written to.", error.Message, StringComparison.Ordinal);
        File.Delete(_folder + ".file");
    }

    private SlipwayAdapters Open(params (string Name, string? Value)[] changes) =>
        _world.Open(changes: [("SLIPWAY_BASE_URL", Url), ("SLIPWAY_DATA", _folder), ("WEBSITE_AUTH_ENABLED", null), .. changes]);

    private static async Task<int> AskAsync(SlipwayAdapters adapters, string method, string path, string? token, string name = "localhost")
    {
        await using var host = await InProcessHost.StartAsync(new WorkflowRegistry());
        var (status, _) = await AzureWorld.AskAsync(AzureWorld.App(adapters), host, method, path, null, adjust: context =>
        {
            context.Request.Host = new HostString(name, 7071);
            if (token is not null) context.Request.Headers.Authorization = $"Bearer {token}";
        });
        return status;
    }
}
