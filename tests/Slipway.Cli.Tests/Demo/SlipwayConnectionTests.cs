using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Cli.Demo.Storefront;
using Slipway.Core.Analysis;
using Slipway.Embedded.Telemetry;
using TelemetryBatch = Slipway.Cli.Demo.Storefront.TelemetryBatch;
using TelemetryRow = Slipway.Cli.Demo.Storefront.TelemetryRow;

namespace Slipway.Cli.Tests.Demo;

public sealed class SlipwayConnectionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentQueue<string> _bodies = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_SendsRequestsByUserUnderTheFlag()
    {
        await using var server = await ServeAsync(_ => HttpStatusCode.Accepted);
        using var connection = new SlipwayConnection(new Uri(server.Urls.First()), "token");

        await connection.SendAsync(Batch("a"), Stop);

        var read = TelemetryBatchReader.Read(Encoding.UTF8.GetBytes(Assert.Single(_bodies)), Noon);
        Assert.Empty(read.Problems);
        var row = Assert.Single(read.Rows);
        Assert.Equal([UserHash.Of("dana")], row.FailedUsers!);
        Assert.Equal(("search-v2", 2L), (row.Flag, row.Positions!.Sum(position => position.Requests)));
    }

    [Fact]
    public async Task SendAsync_AServerThatDoesNotKnowIt_GetsUsersAloneFromThenOn()
    {
        await using var server = await ServeAsync(body => body.Contains("by_user", StringComparison.Ordinal) ? HttpStatusCode.BadRequest : HttpStatusCode.Accepted);
        using var connection = new SlipwayConnection(new Uri(server.Urls.First()), "token");

        await connection.SendAsync(Batch("a"), Stop);
        await connection.SendAsync(Batch("b"), Stop);

        Assert.Equal([true, false, false], _bodies.Select(body => body.Contains("by_user", StringComparison.Ordinal)));
        Assert.Empty(TelemetryBatchReader.Read(Encoding.UTF8.GetBytes(_bodies.Last()), Noon).Problems);
    }

    [Fact]
    public async Task SendAsync_RefusedEitherWay_Throws()
    {
        await using var server = await ServeAsync(_ => HttpStatusCode.BadRequest);
        using var connection = new SlipwayConnection(new Uri(server.Urls.First()), "token");
        await Assert.ThrowsAsync<HttpRequestException>(() => connection.SendAsync(Batch("a"), Stop));
    }

    private static TelemetryBatch Batch(string id)
    {
        var latency = LatencyHistogram.Of(5, 7);
        return new TelemetryBatch(id, "search-v2", [new TelemetryRow(
            "search-v2", false, Noon, new ArmSample { Requests = 2, Errors = 1, Latency = latency }, [new ShopperCounts("dana", 2, 1, latency)])]);
    }

    private async Task<WebApplication> ServeAsync(Func<string, HttpStatusCode> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.MapPost("/telemetry", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            _bodies.Enqueue(body);
            context.Response.StatusCode = (int)answer(body);
        });
        await app.StartAsync(Stop);
        return app;
    }
}
