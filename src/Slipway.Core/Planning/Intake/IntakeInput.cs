namespace Slipway.Core.Planning.Intake;

/// <summary>When a missing input keeps a release from starting.</summary>
internal enum IntakeNeed
{
    /// <summary>Always: no release is safe without it.</summary>
    Always,

    /// <summary>Under the strict profile; otherwise it is an open question.</summary>
    Strict,

    /// <summary>Under the strict profile, except for a release that only goes to dev.</summary>
    StrictBeyondDev,

    /// <summary>Under the strict profile where it goes to production.</summary>
    StrictInProd,

    /// <summary>Never: an open question under every profile.</summary>
    Open,
}

/// <summary>An input that a request lacks.</summary>
/// <param name="Path">Where it belongs.</param>
/// <param name="Missing">What is missing, in a few words.</param>
/// <param name="Question">What is asked of the author.</param>
/// <param name="NextStep">What to do about it, on one line; null: answer at the path.</param>
internal sealed record IntakeFinding(string Path, string Missing, string Question, string? NextStep = null);

/// <summary>One row of the table of inputs.</summary>
/// <param name="Path">Where the input belongs; <c>[]</c> stands for every item of a list.</param>
/// <param name="Need">When its absence blocks.</param>
/// <param name="Find">Finds where the request lacks it: nothing for an input that is there, or that does not matter to this request.</param>
internal sealed record IntakeInput(string Path, IntakeNeed Need, Func<IntakeView, IEnumerable<IntakeFinding>> Find)
{
    /// <summary>Whether it belongs to a brief too: a phased plan cannot be drafted without it.</summary>
    public bool Brief { get; init; }

    /// <summary>An input of one place with fixed words.</summary>
    public static IntakeInput Of(IntakeNeed need, string path, string missing, string question, Func<IntakeView, bool> isMissing, string? nextStep = null) =>
        new(path, need, view => isMissing(view) ? [new IntakeFinding(path, missing, question, nextStep)] : []);

    /// <summary>Whether a missing input blocks.</summary>
    public bool Blocks(IntakeView view, IntakeProfile profile) => profile switch
    {
        IntakeProfile.Brief => Brief,
        IntakeProfile.Strict => Need switch
        {
            IntakeNeed.Open => false,
            IntakeNeed.StrictBeyondDev => !view.OnlyDev,
            IntakeNeed.StrictInProd => view.InProd,
            _ => true,
        },
        _ => Need == IntakeNeed.Always,
    };
}
