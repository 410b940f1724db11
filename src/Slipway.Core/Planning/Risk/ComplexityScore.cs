using System.Globalization;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Risk;

/// <summary>How complex a change is, 1 to 10: as the request says, else computed and said so.</summary>
public static class ComplexityScore
{
    /// <summary>The lowest score.</summary>
    public const int Least = 1;

    /// <summary>The highest score.</summary>
    public const int Most = 10;

    /// <summary>From this score on, a wait is at least in the middle of its range.</summary>
    public const int Middle = 4;

    /// <summary>From this score on, a wait is the upper bound of its range.</summary>
    public const int High = 8;

    /// <summary>
    /// The stated score; else 1, and 1 for every ten files (at most 3), 1 for each migration (at most 2), 1 for every three services,
    /// databases and external APIs (at most 2), 1 where the riskiest file is medium and 2 where it is high.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="manifest">Its files.</param>
    public static Reasoned<int> Of(ReleaseRequest request, ClassifiedManifest manifest)
    {
        if (request.Changes.Complexity is { } stated) return new(stated, ["stated as changes.complexity"]);
        var dependencies = request.Preflight.Dependencies;
        var leansOn = dependencies.Services.Count + dependencies.Databases.Count + dependencies.ExternalApis.Count;
        var migrations = RiskScales.MigrationsOf(request).Count();
        var riskiest = manifest.Highest(FlagActivation.On);
        var score = Least + Math.Min(3, manifest.Files.Count / 10) + Math.Min(2, migrations) + Math.Min(2, leansOn / 3)
            + riskiest switch { ChangeRisk.High => 2, ChangeRisk.Medium => 1, _ => 0 };
        return new(Math.Clamp(score, Least, Most), [string.Create(
            CultureInfo.InvariantCulture,
            $"computed, as changes.complexity is not stated: {manifest.Files.Count} files, {migrations} migrations, {leansOn} dependencies, the riskiest file {riskiest?.ToString().ToLowerInvariant() ?? "none"}")]);
    }
}
