using Slipway.Benchmarks.Streams;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Benchmarks.Judges;

/// <summary>
/// The product's sequential test, after each minute or after each block of minutes within a stage; or, with
/// <see cref="PlainBinomial"/>, the same without its noise, its cap and its restarts: the e-process of the binomial likelihood as the
/// literature has it (Ramdas, Grünwald, Vovk and Shafer 2023).
/// </summary>
/// <param name="Name">For a column.</param>
/// <param name="Test">The test.</param>
/// <param name="LogTolerated">ln of the tolerated ratio.</param>
internal sealed record RatioJudge(string Name, RatioTest Test, double LogTolerated) : IStreamJudge
{
    /// <summary>The level of one test out of two that can roll back, with a budget of 1 %.</summary>
    public const double Alpha = 0.004;

    /// <summary>How many minutes are judged as one interval.</summary>
    public int Block { get; init; } = 1;

    /// <summary>Whether the A/A offsets are allowed for.</summary>
    public bool UsesOffsets { get; init; }

    /// <summary>The product's.</summary>
    public static RatioJudge Ours(double tolerated, int minutes, int block = 1) =>
        new("ours", new RatioTest(Alpha, Math.Max(1, minutes / block)), Math.Log(tolerated)) { Block = block };

    /// <summary>The plain binomial e-process.</summary>
    public static RatioJudge PlainBinomial(double tolerated, int minutes) =>
        new("plain e", new RatioTest(Alpha, minutes, noises: 1, capped: false, restarts: false), Math.Log(tolerated));

    /// <inheritdoc/>
    public int? FirstAlarm(ReleaseStream stream)
    {
        var state = new RatioTestState();
        var (block, held, stage) = (default(ArmCounts), 0, 0);
        for (var minute = 0; minute < stream.Minutes.Length; minute++)
        {
            block += stream.Minutes[minute];
            var last = minute + 1 == stream.StageEnds[stage];
            if (++held == Block || last)
            {
                Test.Update(state, block, LogTolerated + (UsesOffsets ? stream.Offsets[stage] : 0));
                if (Test.Rejects(state)) return minute;
                (block, held) = (default, 0);
            }

            if (last) stage++;
        }

        return null;
    }
}
