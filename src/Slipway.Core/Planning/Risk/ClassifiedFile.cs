using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Risk;

/// <summary>A changed file with what it risks.</summary>
/// <param name="File">The entry of the manifest.</param>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="BehindFlag">Whether the release flag holds it back while it is off.</param>
/// <param name="Deployed">What it risks once deployed, with the flag off; <see cref="ChangeRisk.Zero"/> behind a flag.</param>
/// <param name="Activated">What it risks once it runs for users; where no flag holds it back, equal to <paramref name="Deployed"/>.</param>
/// <param name="Reason">Why, as a sentence without its full stop.</param>
public sealed record ClassifiedFile(FileChange File, ChangeKind Kind, bool BehindFlag, ChangeRisk Deployed, ChangeRisk Activated, string Reason)
{
    /// <summary>The risk with the flag off or on.</summary>
    public ChangeRisk At(FlagActivation activation) => activation == FlagActivation.Off ? Deployed : Activated;
}

/// <summary>The files of one category.</summary>
/// <param name="Risk">The category.</param>
/// <param name="Files">Its files in the order of the manifest; may be empty.</param>
public sealed record ChangeGroup(ChangeRisk Risk, IReadOnlyList<ClassifiedFile> Files);

/// <summary>The manifest with what each file risks.</summary>
/// <param name="Files">Every file of the manifest once, in its order.</param>
public sealed record ClassifiedManifest(IReadOnlyList<ClassifiedFile> Files)
{
    /// <summary>The four groups, zero first, each file in exactly one. Empty groups are there too.</summary>
    /// <param name="activation">With the flag off, or on.</param>
    public IReadOnlyList<ChangeGroup> Groups(FlagActivation activation) =>
        [.. Enum.GetValues<ChangeRisk>().Select(risk => new ChangeGroup(risk, [.. Files.Where(file => file.At(activation) == risk)]))];

    /// <summary>The highest category with the flag off or on; null for an empty manifest.</summary>
    public ChangeRisk? Highest(FlagActivation activation) => Files.Count == 0 ? null : Files.Max(file => file.At(activation));
}
