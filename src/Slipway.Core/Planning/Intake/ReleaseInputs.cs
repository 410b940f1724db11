using Slipway.Core.Requests;
using static Slipway.Core.Planning.Intake.IntakeInput;
using static Slipway.Core.Planning.Intake.IntakeNeed;
using static Slipway.Core.Planning.Intake.IntakeView;

namespace Slipway.Core.Planning.Intake;

/// <summary>What is released, from which state to which, and how: <c>release</c>, <c>artifacts</c>, <c>changes</c>, environments and rollout.</summary>
internal static class ReleaseInputs
{
    public static IReadOnlyList<IntakeInput> All { get; } =
    [
        new("release.start_at", Strict, StartDate) { Brief = true },
        new("environments[].infrastructure", Strict, view => EachEnvironment(view, Infrastructure)) { Brief = true },
        Of(Strict, "system.flag_framework", "the feature flag framework", "Which feature flag framework is in use? None is an answer.",
            view => !IsStated(view.Request.System?.FlagFramework)) with { Brief = true },
        Of(Strict, "release.from_version", "the version that it replaces", "From which version does the release go to the new one?",
            view => !IsStated(view.Request.Release.FromVersion)),
        Of(Strict, "release.problem", "the problem that it solves", "Which problem does the release solve, or what does it add?",
            view => !IsStated(view.Request.Release.Problem)),
        Of(Strict, "release.declared_risk", "the risk (medium is taken)", "How risky is the release: low, medium, high or critical?",
            view => view.Request.Release.DeclaredRisk is null),
        Of(Strict, "release.change_type", "the kind of change", "What changes: code, infrastructure, configuration or data?",
            view => view.Request.Defaulted.Contains("release.change_type")),
        Of(StrictInProd, "release.ticket", "the change ticket", "Which change ticket covers this release?",
            view => !IsStated(view.Request.Release.Ticket)),
        Of(Strict, "release.requested_by", "who asks for the release", "Who asks for this release?",
            view => !IsStated(view.Request.Release.RequestedBy)),
        Of(Strict, "release.regulations", "the regulations that apply", "Which rules and regulations apply to the change? None is an answer.",
            view => !view.IsListed("release.regulations", view.Request.Release.Regulations)),
        Of(Strict, "artifacts", "the build that is released", "Which build is released, and is it signed?",
            view => view.Request.Artifacts is null && !view.Request.SaysNone("artifacts")),
        Artifact("build_id", "the build's id", "Which build made the artifact?", artifact => IsStated(artifact.BuildId)),
        Artifact("image", "the image or package", "Which image or package is released?", artifact => IsStated(artifact.Image)),
        Artifact("hash", "the artifact's digest", "What is the digest of the artifact?", artifact => IsStated(artifact.Hash)),
        Artifact("signed", "whether the artifact is signed", "Is the artifact signed?", artifact => artifact.Signed is not null),
        Artifact("sbom", "the bill of materials", "Where is the software bill of materials?", artifact => IsStated(artifact.Sbom)),
        Of(Strict, "changes", "the changes that are included", "Which features, fixes and breaking changes are in the release?", view => !HasChanges(view)),
        Of(Strict, "changes.files", "the file change manifest", "Which files are new, modified or deleted? None is an answer.",
            view => !view.IsListed("changes.files", view.Request.Changes.Files.Count)),
        new("environments[].regions", Strict, view => EachEnvironment(view, Regions)),
        Of(Strict, "strategy", "the deployment strategy (canary is taken)", "How is exposure moved: canary, blue_green, rolling, feature_flag or shadow?",
            view => view.Request.Defaulted.Contains("strategy")),
        Of(Strict, "stages", "the rollout percentages (they follow from the risk)", "Which share of users is exposed in which stage, and for how long?",
            view => view.Request.LastStages().Count == 0),
        Of(Strict, "flags", "the feature flags", "Which feature flags does the release use? None is an answer.",
            view => view.Request is { Flags.Count: 0, Deploy: not null } && !view.Request.SaysNone("flags")),
        new("environments[].runtime", Open, view => EachEnvironment(view, (path, environment) => IsStated(environment.Runtime)
            ? null : new IntakeFinding($"{path}.runtime", "the runtime", $"On which runtime does it run in {EnvironmentSpec.Word(environment.Name)}?"))),
        new("environments[].data_stores", Open, view => EachEnvironment(view, (path, environment) => view.IsListed($"{path}.data_stores", environment.DataStores)
            ? null : new IntakeFinding($"{path}.data_stores", "the data stores", $"Which data stores does it use in {EnvironmentSpec.Word(environment.Name)}? None is an answer."))),
        new("environments[].target", Open, view => EachEnvironment(view, (path, environment) => environment.Target is not null
            ? null : new IntakeFinding($"{path}.target", "the resource that runs the code", $"Which resource runs the code in {EnvironmentSpec.Word(environment.Name)}? Commands name it."))),
    ];

    private static IntakeInput Artifact(string key, string missing, string question, Func<ArtifactSpec, bool> isStated) =>
        Of(Strict, $"artifacts.{key}", missing, question, view => view.Request.Artifacts is { } artifact && !isStated(artifact));

    private static IEnumerable<IntakeFinding> StartDate(IntakeView view)
    {
        if (view.Request.Release.StartAt is not { } start)
            yield return new IntakeFinding("release.start_at", "the release date", "When is it to be released?", "Add release.start_at with the date and time of the release.");
        else if (start < view.Now)
            yield return new IntakeFinding("release.start_at", "a release date that has not passed", "When is it to be released? The date that is stated has passed.", "Set release.start_at to a date and time that is still to come.");
    }

    private static bool HasChanges(IntakeView view)
    {
        var changes = view.Request.Changes;
        (string Key, IReadOnlyList<string> Items)[] lists =
        [
            ("features", changes.Features), ("fixes", changes.Fixes), ("breaking_changes", changes.BreakingChanges),
            ("deprecations", changes.Deprecations), ("commits", changes.Commits),
        ];
        return lists.Any(list => list.Items.Count > 0) && lists.All(list => list.Items.Count == 0 || view.IsListed($"changes.{list.Key}", list.Items));
    }

    private static IEnumerable<IntakeFinding> EachEnvironment(IntakeView view, Func<string, EnvironmentSpec, IntakeFinding?> find) =>
        view.Request.Environments.Select((environment, index) => find($"environments[{index}]", environment)).OfType<IntakeFinding>();

    private static IntakeFinding? Infrastructure(string path, EnvironmentSpec environment) => environment.Infrastructure switch
    {
        "other" when !IsStated(environment.Cloud) => new IntakeFinding(
            $"{path}.cloud", "the name of the other infrastructure", $"What runs the code in {EnvironmentSpec.Word(environment.Name)}, when it is none of those that are known?"),
        "" => new IntakeFinding(
            $"{path}.infrastructure", "the infrastructure",
            $"On what does it run in {EnvironmentSpec.Word(environment.Name)}: Kubernetes, functions, an app service, containers, virtual machines, the edge, or something else?"),
        _ => null,
    };

    private static IntakeFinding? Regions(string path, EnvironmentSpec environment) => environment.Regions.Count > 0 && environment.Regions.All(IsStated)
        ? null
        : new IntakeFinding($"{path}.regions", "the regions (one called global is taken)", $"In which regions does {EnvironmentSpec.Word(environment.Name)} run?");
}
