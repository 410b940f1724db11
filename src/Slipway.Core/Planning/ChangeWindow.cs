namespace Slipway.Core.Planning;

/// <summary>
/// A weekly recurring span of local time, for example <c>Tue-Thu 10:00-14:00 Europe/Berlin</c>: start inclusive, end exclusive. A span
/// whose end is at or before its start runs over midnight and belongs to the day on which it starts; <c>00:00-24:00</c> is the whole day.
/// </summary>
/// <param name="Days">The days on which the span starts; never empty.</param>
/// <param name="From">Local start, 00:00 to 23:59.</param>
/// <param name="To">Local end, exclusive; 24:00 is allowed as <c>1.00:00:00</c>.</param>
/// <param name="Zone">IANA time zone, or <c>UTC</c>.</param>
public sealed record ChangeWindow(IReadOnlyList<DayOfWeek> Days, TimeSpan From, TimeSpan To, string Zone);

/// <summary>A span in which exposure does not grow: start inclusive, end exclusive.</summary>
/// <param name="From">First moment.</param>
/// <param name="To">First moment after it; later than <paramref name="From"/>.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record FreezeSpan(DateTimeOffset From, DateTimeOffset To, string Reason);
