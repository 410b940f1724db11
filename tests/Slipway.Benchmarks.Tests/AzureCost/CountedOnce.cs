using Slipway.Benchmarks.AzureCost.Reporting;

namespace Slipway.Benchmarks.Tests.AzureCost;

/// <summary>One run of both releases, for all tests: it takes seconds.</summary>
public sealed class CountedOnce : IAsyncLifetime
{
    private AzureModel? _model;

    internal AzureModel Model => _model!;

    public async ValueTask InitializeAsync() => _model = await AzureModel.CountAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
