using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Workflow.Diagnostics;

/// <summary>
/// The ids of a release's trace, by SHA-256 of its id: who computes them later, in another process or from the ledger alone, gets the same.
/// </summary>
/// <param name="Release">The release.</param>
internal readonly record struct ReleaseTrace(ReleaseId Release)
{
    /// <summary>The trace of everything that happens for the release.</summary>
    public ActivityTraceId TraceId => ActivityTraceId.CreateFromBytes(Hash("trace").AsSpan(0, 16));

    /// <summary>The span of the whole release, which has no parent.</summary>
    public ActivitySpanId Root => Span("release");

    /// <summary>The rollback.</summary>
    public ActivitySpanId Rollback => Span("rollback");

    /// <summary>A stage, 0 first.</summary>
    public ActivitySpanId Stage(int index) => Span($"stage:{Number(index)}");

    /// <summary>A compensation level, by how many ended before it.</summary>
    public ActivitySpanId Level(int ordinal) => Span($"level:{Number(ordinal)}");

    /// <summary>What is under way: the rollback, else the stage whose exposure is set, else the release.</summary>
    public ActivitySpanId Under(ReleaseState state)
    {
        if (state.IsTerminal) return Root;
        if (state.Rollback is not null) return Rollback;
        foreach (var stage in state.Stages)
        {
            if (stage.Status == StageStatus.Active) return Stage(stage.Index);
        }

        return Root;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private ActivitySpanId Span(string what)
    {
        var bytes = Hash(what).AsSpan(0, 8);
        // All zeros is no id.
        if (BinaryPrimitives.ReadUInt64BigEndian(bytes) == 0) bytes[7] = 1;
        return ActivitySpanId.CreateFromBytes(bytes);
    }

    private byte[] Hash(string what) => SHA256.HashData(Encoding.UTF8.GetBytes($"slipway\n{Release.Value}\n{what}"));
}
