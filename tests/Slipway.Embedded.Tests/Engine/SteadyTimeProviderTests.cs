using Slipway.Embedded.Time;

namespace Slipway.Embedded.Tests.Engine;

public sealed class SteadyTimeProviderTests
{
    private static readonly DateTimeOffset Start = EngineHarness.Start;

    private readonly SetClock _machine = new();
    private readonly SteadyTimeProvider _time;

    public SteadyTimeProviderTests() => _time = new SteadyTimeProvider(_machine);

    [Fact]
    public void GetUtcNow_ClockSetBackByAnHour_GoesOnAtTheSamePace()
    {
        _machine.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(Start.AddMinutes(10), _time.GetUtcNow());
        _machine.Set -= TimeSpan.FromHours(1);
        Assert.Equal(Start.AddMinutes(10), _time.GetUtcNow());
        for (var minute = 11; minute <= 90; minute++)
        {
            _machine.Pass(TimeSpan.FromMinutes(1));
            Assert.Equal(Start.AddMinutes(minute), _time.GetUtcNow());
        }
    }

    [Fact]
    public void GetUtcNow_ClockSetForward_IsTheMachines()
    {
        _machine.Set += TimeSpan.FromHours(8);
        Assert.Equal(Start.AddHours(8), _time.GetUtcNow());
        _machine.Set -= TimeSpan.FromHours(1);
        _machine.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(Start.AddHours(8).AddMinutes(1), _time.GetUtcNow());
        _machine.Set += TimeSpan.FromHours(1);
        Assert.Equal(Start.AddHours(8).AddMinutes(1), _time.GetUtcNow());
    }

    [Fact]
    public void GetUtcNow_ManySmallStepsBack_NeverGoesBackAndStaysWithTheMachine()
    {
        var last = _time.GetUtcNow();
        for (var step = 0; step < 1000; step++)
        {
            _machine.Pass(TimeSpan.FromSeconds(10));
            Assert.True(_time.GetUtcNow() >= last);
            last = _time.GetUtcNow();
            _machine.Set -= TimeSpan.FromSeconds(1);
            Assert.Equal(last, _time.GetUtcNow());
        }

        Assert.Equal(_machine.Set + TimeSpan.FromSeconds(1), last);
    }

    /// <summary>A machine whose clock is set by hand and whose timer is not.</summary>
    private sealed class SetClock : TimeProvider
    {
        private TimeSpan _running;

        public DateTimeOffset Set { get; set; } = Start;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => (Set, _running) = (Set + time, _running + time);

        public override DateTimeOffset GetUtcNow() => Set;

        public override long GetTimestamp() => _running.Ticks;
    }
}
