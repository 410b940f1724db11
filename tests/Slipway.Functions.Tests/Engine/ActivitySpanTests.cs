using System.Text.Json;
using Slipway.Functions.Durable;
using Slipway.Scenarios.World;
using Slipway.Workflow.Engine;

namespace Slipway.Functions.Tests.Engine;

/// <summary>Executions under Durable Functions are told as those of the embedded engine are: by the same code, under the same ids.</summary>
public sealed class ActivitySpanTests
{
    [Fact]
    public async Task An_execution_belongs_to_the_trace_of_the_release_whose_orchestration_asked_for_it()
    {
        using var told = new DiagnosticRecorder(TimeProvider.System);
        var registry = new WorkflowRegistry { Diagnostics = told.Source }.Add(new ActivityName<string, string>("echo.v1"), new Echo());
        var module = new DurableModule(registry);

        var answer = await module.RunAsync("echo-v1", JsonSerializer.SerializeToElement("hello"), default, "search-2.4.0:watch:1");
        await registry.RunActivityAsync("echo.v1", "search-2.4.0", JsonSerializer.SerializeToElement("hello"), default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => module.RunAsync("echo-v1", JsonSerializer.SerializeToElement(""), default, "search-2.4.0"));
        await module.RunAsync("echo-v1", JsonSerializer.SerializeToElement("hello"), default);

        Assert.Equal("hello", answer.GetString());
        Assert.Equal(["search-2.4.0/watch/1", "search-2.4.0", "search-2.4.0"], told.Spans.Select(span => span.GetTagItem("slipway.instance")));
        Assert.Single(told.Spans.Select(span => (span.TraceId, span.ParentSpanId)).Distinct());
        Assert.Equal(["", "", "InvalidOperationException"], told.Spans.Select(span => span.GetTagItem("error.type")?.ToString() ?? ""));
        Assert.Equal((4, 1), (told.Measurements.Count(measured => measured.Instrument == "slipway.activities.duration"), told.Sum("slipway.activities.failures", "echo.v1")));
        Assert.DoesNotContain(told.Texts(), text => text.Contains("nothing to say", StringComparison.Ordinal));
    }

    private sealed class Echo : IActivity<string, string>
    {
        public Task<string> RunAsync(string input, CancellationToken cancellation) =>
            input.Length > 0 ? Task.FromResult(input) : throw new InvalidOperationException("nothing to say");
    }
}
