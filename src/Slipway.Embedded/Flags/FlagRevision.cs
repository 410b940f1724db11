using Slipway.Core.Releases;

namespace Slipway.Embedded.Flags;

/// <summary>One write to a flag.</summary>
/// <param name="Revision">Ascending over all flags of the store.</param>
/// <param name="State">The flag as it was written.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
public sealed record FlagRevision(long Revision, FlagState State, DateTimeOffset At, string Actor);
