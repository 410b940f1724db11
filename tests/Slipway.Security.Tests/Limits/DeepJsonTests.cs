using System.Text;
using System.Text.Json;
using Slipway.Cli.Hosting;

namespace Slipway.Security.Tests.Limits;

/// <summary>JSON that is too deep, or whose texts are no texts, at every address that takes JSON: a problem with its place, and nothing else.</summary>
public sealed class DeepJsonTests : IAsyncLifetime
{
    private static readonly string[] Paths =
        ["/api/releases/x/commands", "/api/releases/x/signals", "/api/releases/x/retry", "/api/freezes", "/api/freezes/lift", "/api/locks/unlock", "/approvals/a.b", "/telemetry"];

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-deep-").FullName;
    private SlipwayServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>One level more than the deepest of these readers takes (telemetry's eight), and far more.</summary>
    public static MatrixTheoryData<string, string, int> Deep => new(Paths, ["[", "{\"a\":", "{\"rows\":[{\"kpis\":", "{\"reason\":["], [9, 10_000]);

    /// <summary>As many members as the largest body holds, the same and different ones, and one name as long as it.</summary>
    public static MatrixTheoryData<string, string> Wide => new([.. Paths.Except(["/telemetry"])], ["the same", "different ones", "a long name"]);

    /// <summary>Halves of surrogate pairs, which JSON can write down and no text can hold; and an id that is no id.</summary>
    public static MatrixTheoryData<string, string> NoText => new([.. Paths, "/api/releases", "/api/releases/validate"], ["{\"id\":\"\\ud800\"}", "{\"\\udc00\":\"a\"}", "{\"reason\":\"\\ud800\",\"kind\":\"\\ud800\",\"decision\":\"\\ud800\",\"batch_id\":\"\\ud800\"}", "{\"id\":\"\u0000\"}"]);

    public async ValueTask InitializeAsync() => _server = await SlipwayServer.StartAsync(new SlipwayServerOptions { DataDirectory = _folder, Port = 0 }, Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Deep))]
    public async Task A_body_that_is_too_deep_is_a_problem(string path, string open, int times) =>
        await RefusedAsync(path, string.Concat(Enumerable.Repeat(open, times)) + "1" + string.Concat(Enumerable.Repeat(Closing(open), times)));

    [Theory]
    [MemberData(nameof(Wide))]
    public async Task A_body_of_ever_more_members_gets_a_short_answer(string path, string kind)
    {
        var body = kind switch
        {
            "the same" => string.Join(',', Enumerable.Repeat("\"a\":0", 40_000)),
            "different ones" => string.Join(',', Enumerable.Range(0, 20_000).Select(number => $"\"a{number}\":0")),
            _ => $"\"{new string('a', 200_000)}\":0",
        };
        Assert.InRange(await RefusedAsync(path, $"{{{body}}}"), 1, 4096);
    }

    [Theory]
    [MemberData(nameof(NoText))]
    public async Task A_text_that_is_no_text_is_a_problem(string path, string body) => await RefusedAsync(path, body);

    /// <summary>The brackets that an opening leaves open, closed from the inside.</summary>
    private static string Closing(string open) => string.Concat(open.Where(letter => letter is '[' or '{').Reverse().Select(letter => letter == '[' ? ']' : '}'));

    /// <summary>Sends it; how long the answer is.</summary>
    private async Task<int> RefusedAsync(string path, string body)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Url, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", path == "/telemetry" ? _server.TelemetryToken : _server.OperatorToken);

        using var answer = await client.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.True((int)answer.StatusCode == 400, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(text);
        Assert.NotEqual(0, problem.RootElement.GetProperty("errors").GetArrayLength());
        return text.Length;
    }
}
