using Slipway.Benchmarks.Streams;

namespace Slipway.Benchmarks.Judges;

/// <summary>A judge of whole releases. Without state of its own: the same stream gives the same answer, on any thread.</summary>
internal interface IStreamJudge
{
    /// <summary>A short name for a column.</summary>
    string Name { get; }

    /// <summary>The minute after which it rolls back, 0 first; null: never.</summary>
    int? FirstAlarm(ReleaseStream stream);
}
