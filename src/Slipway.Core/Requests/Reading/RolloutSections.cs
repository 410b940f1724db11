using System.Globalization;
using Slipway.Core.Releases;

namespace Slipway.Core.Requests.Reading;

/// <summary>Reads how exposure moves: <c>flags</c>, <c>stages</c> and <c>gates</c>.</summary>
internal static class RolloutSections
{
    private static readonly TimeSpan AboveZero = TimeSpan.FromTicks(1);

    public static IReadOnlyList<FlagSpec> Flags(SectionReader root) => root.Sections(
        "flags",
        section =>
        {
            var flag = new FlagSpec
            {
                Name = section.Need("name", Scalars.FlagName, ""),
                Type = section.Get("type", Scalars.Word<FlagType>(), FlagType.Release),
                KillSwitch = section.Maybe("kill_switch", Scalars.Bool),
                Lever = section.Get("lever", Scalars.Word<FlagLever>(), FlagLever.Targeting),
            };
            flag = section.Section("targeting", targeting => flag with
            {
                Segments = targeting.Values("segments", Scalars.Name),
                Overrides = targeting.Values("overrides", Scalars.Name),
            }) ?? flag;
            if (flag is { Lever: FlagLever.Percentage, Segments.Count: > 0 } or { Lever: FlagLever.Percentage, Overrides.Count: > 0 })
                section.Reject("targeting", "no segments and no overrides beside the percentage lever, which knows no users; or the targeting lever");
            return flag;
        },
        flag => flag.Name);

    /// <summary>The stages of the request, or of one environment.</summary>
    public static IReadOnlyList<StageSpec> Stages(SectionReader root, RolloutStrategy strategy)
    {
        Percentage? previous = null;
        SectionReader? last = null;
        var stages = root.Sections("stages", section =>
        {
            if (!section.Has("percentage"))
                section.Missing("percentage", Scalars.Share.Expected);
            var given = section.Maybe("percentage", Scalars.Share);
            var stage = new StageSpec
            {
                Percentage = given ?? Percentage.Zero,
                Bake = section.Need("bake", Scalars.Duration(AboveZero), AboveZero),
                MaxBake = section.Maybe("max_bake", Scalars.Duration(AboveZero)),
                Approval = section.MaybeText("approval", Scalars.Name),
            };
            if (stage.MaxBake < stage.Bake)
                section.Reject("max_bake", $"at least the stage's bake, {DurationText.Format(stage.Bake)}");
            if (given is { } percentage)
            {
                if (percentage <= previous)
                    section.Reject("percentage", $"more than the stage before, {previous}");
                else if (percentage == Percentage.Zero && strategy is not (RolloutStrategy.FeatureFlag or RolloutStrategy.Shadow or RolloutStrategy.BlueGreen))
                    section.Reject("percentage", "more than 0 % (a stage at 0 % is for blue_green, feature_flag and shadow)");
                previous = percentage;
            }

            last = given is null ? null : section;
            return stage;
        });
        if (previous < Percentage.Full)
            last?.Reject("percentage", "100 % in the last stage");
        return stages;
    }

    /// <summary>The tolerated first exposure.</summary>
    public static ToleranceSpec Tolerance(SectionReader section) => new()
    {
        Canary = section.Need("canary", Scalars.ShareAboveZero, Percentage.Full),
        For = section.Maybe("for", Scalars.Duration(AboveZero)),
        Basis = section.Get("basis", Scalars.Word<ToleranceBasis>(), ToleranceBasis.Users),
    };

    /// <summary>The HTTP gates; a gate's stage has to be one of the request's stages or of an environment's, where there are any.</summary>
    public static IReadOnlyList<HttpGateSpec> Gates(SectionReader root, IReadOnlyList<StageSpec> stages) => root.Sections(
        "gates",
        section =>
        {
            var gate = new HttpGateSpec
            {
                Name = section.Need("name", Scalars.Name, ""),
                Url = section.Need("url", Scalars.Url, SafetySections.NoUrl),
                When = section.Get("when", Scalars.Word<GateTiming>(), GateTiming.BeforeStage),
                Stage = section.Maybe("stage", Scalars.Share),
            };
            if (gate.Stage is { } stage && stages.Count > 0 && stages.All(known => known.Percentage != stage))
                section.Reject("stage", $"the percentage of one of the stages: {string.Join(", ", stages.Select(known => known.Percentage.Value.ToString(CultureInfo.InvariantCulture)))}");
            return gate;
        },
        gate => gate.Name);
}
