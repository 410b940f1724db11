using System.Globalization;
using Slipway.Azure.Clients;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Clients;

public sealed class AzurePortTests
{
    private static readonly AzureSystem Service = new("log analytics", "Log Analytics Data Reader");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task CallAsync_ANumberThatIsNone_IsTheServicesFault() => IsUnreadableAsync(() => Task.FromResult(long.Parse("1.5", CultureInfo.InvariantCulture)));

    [Fact]
    public Task CallAsync_ATimeThatIsNone_IsTheServicesFault() =>
        IsUnreadableAsync(() => Task.FromResult(DateTimeOffset.Parse("in a while", CultureInfo.InvariantCulture)));

    [Fact]
    public Task CallAsync_ARowThatIsTooShort_IsTheServicesFault()
    {
        long[] row = [1];
        return IsUnreadableAsync(() => Task.FromResult(row[row.Length]));
    }

    [Fact]
    public async Task CallAsync_WhatNoAnswerCanCause_StaysAsItIs() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => AzurePort.CallAsync<int>(Service, TestClock.AtNine(), () => throw new NotSupportedException(), Cancellation));

    private static async Task IsUnreadableAsync<T>(Func<Task<T>> call)
    {
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => AzurePort.CallAsync(Service, TestClock.AtNine(), call, Cancellation));
        Assert.StartsWith("log analytics: answered with something that cannot be read (", error.Message, StringComparison.Ordinal);
    }
}
