using Microsoft.Extensions.Logging;
using Slipway.Core.Policy;
using Slipway.Embedded.Time;
using Slipway.Functions.Policy;

namespace Slipway.Functions.Tests.Policy;

/// <summary>What becomes of the server policy is in the log: once when it is new, and each five minutes as long as somebody has to look after it.</summary>
public sealed class PolicyWatchTests : ILogger<PolicyWatch>, IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly PolicyStanding Good = new(ServerPolicy.Default, PolicyOrigin.Key, Start, Start) { Text = "a" };
    private static readonly PolicyStanding Bad = Good with { Origin = PolicyOrigin.LastGood, Why = "has 1 problem", Details = "has 1 problem: intake" };

    private readonly List<(LogLevel Level, string? Event, string Message)> _told = [];
    private readonly VirtualTimeProvider _time = new(Start);
    private readonly PolicyWatch _watch;
    private PolicyStanding _standing = Good;
    private bool _fails;

    public PolicyWatchTests() => _watch = new PolicyWatch(() => _standing, _ => _fails ? throw new InvalidOperationException("nobody foresaw it") : Task.CompletedTask, _time, this);

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void A_good_policy_at_the_start_is_no_news()
    {
        _watch.Tell();
        Assert.Empty(_told);
    }

    [Fact]
    public void A_bad_one_is_told_once_and_again_each_five_minutes()
    {
        _standing = Bad;
        for (var minute = 0; minute <= 10; minute++)
        {
            _watch.Tell();
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(3, _told.Count);
        Assert.All(_told, one => Assert.Equal((LogLevel.Error, "slipway.policy.degraded"), (one.Level, one.Event)));
        Assert.EndsWith("has 1 problem: intake", _told[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_reason_a_change_and_the_end_of_it_are_told_at_once()
    {
        _watch.Tell();
        _standing = Bad;
        _watch.Tell();
        _standing = Bad with { Details = "cannot be read: no answer" };
        _watch.Tell();
        _standing = Good;
        _watch.Tell();
        _standing = Good with { Text = "b" };
        _watch.Tell();
        Assert.Equal([LogLevel.Error, LogLevel.Error, LogLevel.Warning, LogLevel.Warning], _told.Select(one => one.Level));
        Assert.All(_told[2..], one => Assert.Equal("policy: the server policy was read anew and is in force", one.Message));
    }

    [Fact]
    public void An_unknown_one_is_critical()
    {
        _standing = Bad with { Origin = PolicyOrigin.Unknown, Text = null };
        _watch.Tell();
        Assert.Equal((LogLevel.Critical, "slipway.policy.degraded"), (Assert.Single(_told).Level, _told[0].Event));
    }

    [Fact]
    public async Task A_look_that_fails_ends_nothing_and_is_told()
    {
        _fails = true;
        await _watch.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal((LogLevel.Error, "policy: the look at the server policy failed"), (Assert.Single(_told).Level, _told[0].Message));
    }

    [Fact]
    public void A_copy_that_was_not_kept_is_told()
    {
        _standing = Good with { NotKept = "the store is read-only" };
        _watch.Tell();
        Assert.EndsWith("the store is read-only", Assert.Single(_told).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_counts_only_on_one_machine_is_told_at_the_start_and_once()
    {
        _standing = Good with { Ignored = "keys (2)" };
        _watch.Tell();
        _standing = _standing with { Text = "b" };
        _watch.Tell();
        Assert.Equal(LogLevel.Warning, Assert.Single(_told, one => one.Message.Contains("keys (2)", StringComparison.Ordinal)).Level);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _told.Add((logLevel, eventId.Name, formatter(state, exception)));
}
