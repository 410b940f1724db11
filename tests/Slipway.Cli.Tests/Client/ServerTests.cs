using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Slipway.Cli.Client;
using Slipway.Cli.Tests.Fakes;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Cli.Tests.Client;

public sealed class ServerTests : IDisposable
{
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    /// <summary>The second is what the runtime lets through of a server that dies while a connection is made.</summary>
    public static TheoryData<Exception> Unreachable => [new HttpRequestException("Connection refused (127.0.0.1:5180)"), new SocketException((int)SocketError.NotConnected)];

    [Theory]
    [MemberData(nameof(Unreachable))]
    public async Task Unreachable_server_exits_1_and_names_the_command_that_starts_one(Exception failure)
    {
        _world.Server.Before = _ => throw failure;

        var run = await _world.RunAsync("list");
        var json = await _world.RunAsync("list --json");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("No server answers at http://127.0.0.1:5180", run.Error, StringComparison.Ordinal);
        Assert.Contains("slipway serve", run.Error, StringComparison.Ordinal);
        Assert.Equal("server_unreachable", JsonDocument.Parse(json.Error).RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Wrong_or_missing_token_exits_4()
    {
        _world.Variables["SLIPWAY_TOKEN"] = "some-other-token-0123456789";
        var wrong = await _world.RunAsync("list");
        _world.Variables.Remove("SLIPWAY_TOKEN");
        var none = await _world.RunAsync("list");
        _world.Variables["SLIPWAY_TOKEN"] = ApiWorld.ViewerToken;
        var weak = await _world.RunAsync("pause x");

        Assert.All(new[] { wrong, none, weak }, run => Assert.Equal((4, ""), (run.Code, run.Output)));
        Assert.Contains("SLIPWAY_TOKEN", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("operator", weak.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_and_token_come_from_the_data_folder()
    {
        _world.Variables.Clear();
        _world.WriteServerFile("http://localhost:7000");
        Uri? asked = null;
        _world.Server.Before = request =>
        {
            asked = request.RequestUri;
            return null;
        };

        Assert.Equal(0, (await _world.RunAsync("list")).Code);
        Assert.Equal("http://localhost:7000/", asked!.GetLeftPart(UriPartial.Authority) + "/");
    }

    [Fact]
    public async Task Token_of_the_data_folder_goes_to_no_other_server()
    {
        _world.Variables.Clear();
        _world.WriteServerFile("http://localhost:7000");

        await _world.RunAsync("list --server http://localhost:7001");
        _world.Variables["SLIPWAY_SERVER"] = "http://127.0.0.1:7000";
        await _world.RunAsync("list");

        Assert.Equal([null, null], _world.Server.Authorizations);
    }

    [Theory]
    [InlineData("list --server nonsense")]
    [InlineData("list --server ftp://localhost")]
    [InlineData("list --server http://user:secret@localhost")]
    public async Task Bad_url_exits_1_without_repeating_secrets(string line)
    {
        var run = await _world.RunAsync(line);

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("URL is not valid", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task Damaged_server_file_is_a_clear_error(string text)
    {
        _world.Write(".slipway/server.json", text);

        var run = await _world.RunAsync("list");

        Assert.True(run.Code == 1, run.ToString());
        Assert.Contains("server.json", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", "there is no such folder")]
    [InlineData("bare", "there is no server.json in it")]
    [InlineData("file", "it is a file")]
    public async Task Named_data_folder_without_a_server_is_said_so_instead_of_asking_another_server(string folder, string why)
    {
        Directory.CreateDirectory(Path.Combine(_world.Folder, "bare"));
        _world.Write("file", "");

        var run = await _world.RunAsync($"list --data {folder}");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
        Assert.Empty(_world.Server.Authorizations);
        Assert.Equal(0, (await _world.RunAsync($"list --data {folder} --server http://127.0.0.1:5180")).Code);
    }

    [Fact]
    public async Task Next_commands_go_to_the_same_server()
    {
        await _world.WriteSampleAsync();
        _world.WriteServerFile("http://localhost:7000");
        Directory.Move(Path.Combine(_world.Folder, ".slipway"), Path.Combine(_world.Folder, "my data"));

        var started = await _world.RunAsync("start", "release.yaml", "--data", "my data");
        var named = await _world.RunAsync("list --server http://127.0.0.1:7000");
        var lost = await _world.RunAsync("show", "nothing", "--data", "my data");

        Assert.Contains("`slipway watch streaming-search-indexer-2.4.0 --data \"my data\"`", started.Error, StringComparison.Ordinal);
        Assert.Contains("`slipway show ID --server http://127.0.0.1:7000`", named.Error, StringComparison.Ordinal);
        Assert.Contains("`slipway list --data \"my data\"`", lost.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--data", (await _world.RunAsync("list")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_on_the_port_is_said_to_be_something_else()
    {
        _world.Server.Before = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>It works!</html>") };
        var page = await _world.RunAsync("list");
        _world.Server.Before = _ => new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StringContent("bad gateway") };
        var proxy = await _world.RunAsync("list");

        Assert.All(new[] { page, proxy }, run =>
        {
            Assert.Equal((1, ""), (run.Code, run.Output));
            Assert.Contains("does not speak like Slipway", run.Error, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Server_that_failed_gives_its_id_and_exits_1()
    {
        _world.Api.Flags.Down = true;

        var run = await _world.RunAsync("flags list");

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Matches(@"\(error id [0-9a-f]{16}\)", run.Error);
    }

    [Fact]
    public void Server_file_is_for_its_owner_alone_and_replaces_an_older_one()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_world.Folder, "data")).FullName;
        new ServerFile("http://localhost:1", "a", "b").Write(folder);
        var file = new ServerFile("http://localhost:2", "c", "d");
        file.Write(folder);

        Assert.Equal(file, ServerFile.Read(folder));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, ServerFile.Name)));
        ServerFile.Delete(folder);
        Assert.Null(ServerFile.Read(folder));
    }
}
