using Slipway.Embedded.Time;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>The product's virtual clock, as these tests set and move it.</summary>
internal static class TestClock
{
    public static VirtualTimeProvider AtNine() => new(new DateTimeOffset(2026, 12, 1, 9, 0, 0, TimeSpan.Zero));

    public static void Advance(this VirtualTimeProvider time, TimeSpan by) => time.AdvanceTo(time.GetUtcNow() + by);
}
