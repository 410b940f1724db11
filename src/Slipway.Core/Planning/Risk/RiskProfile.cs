using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Risk;

/// <summary>The assessment of a release with its plan, each part with its reasons; what a plan shows and a report starts from.</summary>
public sealed record RiskProfile
{
    /// <summary>The files with what each risks.</summary>
    public required ClassifiedManifest Manifest { get; init; }

    /// <summary>The category of the change once it is active.</summary>
    public required Reasoned<ChangeRisk> Category { get; init; }

    /// <summary>The risk that counts; the plan's.</summary>
    public required Reasoned<RiskLevel> DeploymentRisk { get; init; }

    /// <summary>Who is hit by a failure that the first exposing stage shows; as stated where that is wider.</summary>
    public required Reasoned<BlastRadius> BlastRadius { get; init; }

    /// <summary>How hard the way back is; as stated where that is harder.</summary>
    public required Reasoned<RollbackComplexity> RollbackComplexity { get; init; }

    /// <summary>What data is at stake.</summary>
    public required Reasoned<DataRisk> DataRisk { get; init; }

    /// <summary>0 to 1, see <see cref="RiskScales.ConfidenceOf"/>: here from the gaps of the intake alone, 0.6 for each that blocks and 0.99 for each open question that bears on the risk.</summary>
    public required Reasoned<double> Confidence { get; init; }

    /// <summary>1 to 10.</summary>
    public required Reasoned<int> Complexity { get; init; }

    /// <summary>The risk as declared; null: not declared.</summary>
    public RiskLevel? Declared { get; init; }

    /// <summary>What is known that could go wrong; empty: stated that there is nothing; null: not stated.</summary>
    public IReadOnlyList<string>? KnownRisks { get; init; }

    /// <summary>A plan with its request never changes, and each report of a release asks again: what was made of it is kept while it lives.</summary>
    private static readonly ConditionalWeakTable<ReleasePlan, Made> Known = [];

    /// <summary>Of a request and its plan; pure.</summary>
    public static RiskProfile Of(ReleaseRequest request, ReleasePlan plan)
    {
        if (Known.TryGetValue(plan, out var made) && ReferenceEquals(made.Request, request)) return made.Profile;
        var profile = Make(request, plan);
        Known.AddOrUpdate(plan, new Made(request, profile));
        return profile;
    }

    private static RiskProfile Make(ReleaseRequest request, ReleasePlan plan)
    {
        var assessment = RiskAssessor.Assess(request);
        IReadOnlyList<string> why = assessment.Reasons.Count > 0 ? assessment.Reasons : ["no rule makes it more"];
        return new RiskProfile
        {
            Manifest = assessment.Manifest,
            Category = new(assessment.Category, why),
            DeploymentRisk = new(plan.Risk, assessment.Computed >= plan.Risk ? why
                : [request.Release.DeclaredRisk is null ? "not declared, which counts as medium" : $"declared {Word(plan.Risk)}", .. assessment.Reasons]),
            BlastRadius = BlastRadiusOf(request, plan),
            RollbackComplexity = RollbackComplexityOf(request, plan),
            DataRisk = DataRiskOf(request),
            Confidence = ConfidenceOf(request),
            Complexity = assessment.Complexity,
            Declared = request.Release.DeclaredRisk,
            KnownRisks = request.Release.KnownRisks,
        };
    }

    private static Reasoned<BlastRadius> BlastRadiusOf(ReleaseRequest request, ReleasePlan plan)
    {
        var first = plan.Stages.FirstOrDefault(stage => stage.Environment == plan.Environments.Count - 1 && stage.Percentage > Percentage.Zero)?.Percentage ?? Percentage.Zero;
        long? users = request.Operations.ActiveUsers is { } all ? (long)Math.Ceiling(Math.Max(0, all) * first.Value / 100) : null;
        var computed = RiskScales.BlastRadiusOf(first.Value, users);
        return Raised(computed, request.Release.BlastRadius, string.Create(
            CultureInfo.InvariantCulture, $"the first exposing stage reaches {first}{(users is null ? "" : $", {users} users")}"));
    }

    private static Reasoned<RollbackComplexity> RollbackComplexityOf(ReleaseRequest request, ReleasePlan plan)
    {
        var migration = RiskScales.MigrationsOf(request).Any();
        var levels = plan.Levels.Count == 0 ? "there is no level" : $"the levels are {string.Join(", ", plan.Levels.Select(level => level.Level.ToString(CultureInfo.InvariantCulture)))}";
        return Raised(RiskScales.RollbackComplexityOf(plan.Levels, migration), request.Release.RollbackComplexity, migration ? $"{levels}, and a database is migrated" : levels);
    }

    private static Reasoned<T> Raised<T>(T computed, T? stated, string reason)
        where T : struct, Enum =>
        stated is { } given && Comparer<T>.Default.Compare(given, computed) > 0 ? new(given, ["stated", reason]) : new(computed, [reason]);

    private static Reasoned<DataRisk> DataRiskOf(ReleaseRequest request)
    {
        var value = RiskScales.DataRiskOf(request);
        List<string> reasons =
        [
            .. request.Preflight.Dependencies.Databases.Where(database => database.Migration is not null)
                .Select(database => $"the database {database.Name} {MigrationRisk.Of(database.Migration!).Reason}"),
            .. request.Changes.Files.Where(file => FileKind.Of(file) is ChangeKind.DataWrite or ChangeKind.Migration)
                .Select(file => $"{file.Path} {ChangeKinds.Of(FileKind.Of(file)).What}"),
        ];
        if (request.Release.ChangeType == ChangeType.DataMigration) reasons.Add("the change type is data_migration");
        return new(value, reasons.Count > 0 ? reasons : ["nothing is migrated and no file is known to write data"]);
    }

    /// <summary>What one open question leaves of the confidence: less is lost by it than by a check that warns, as a default stands in.</summary>
    private const double PerOpenQuestion = 0.99;

    private static Reasoned<double> ConfidenceOf(ReleaseRequest request)
    {
        var gaps = IntakeGaps.Analyse(request).Gaps.Where(gap => gap.Blocking || SaysRisk(gap.Path)).ToList();
        return new(
            RiskScales.ConfidenceOf(0, gaps.Count(gap => gap.Blocking)) * Math.Pow(PerOpenQuestion, gaps.Count(gap => !gap.Blocking)),
            gaps.Count > 0 ? [.. gaps.Select(gap => $"not stated: {gap.Path}, {gap.Missing}")] : ["the request says everything that is asked"]);
    }

    /// <summary>Whether the assessment would lean on the answer: who keeps logs for how long makes no release riskier.</summary>
    private static bool SaysRisk(string path) => path.Split('.', '[')[0] is "release" or "artifacts" or "changes" or "tolerance" or "guardrails" or "preflight";

    private static string Word(RiskLevel risk) => risk.ToString().ToLowerInvariant();

    private sealed record Made(ReleaseRequest Request, RiskProfile Profile);
}
