using System.Globalization;
using Slipway.Core.Releases;

namespace Slipway.Core.Requests.Reading;

/// <summary>Reads where and how exposure moves: <c>environments</c>, <c>flags</c>, <c>stages</c> and <c>gates</c>.</summary>
internal static class RolloutSections
{
    private static readonly TimeSpan AboveZero = TimeSpan.FromTicks(1);

    private static readonly string[] Infrastructures = ["kubernetes", "vms", "serverless", "containers", "databases", "edge", "other"];

    private static readonly Dictionary<string, EnvironmentName[]> EnvironmentNames = new(StringComparer.Ordinal)
    {
        ["dev"] = [EnvironmentName.Dev],
        ["staging"] = [EnvironmentName.Staging],
        ["prod"] = [EnvironmentName.Prod],
        ["development"] = [EnvironmentName.Dev],
        ["production"] = [EnvironmentName.Prod],
        ["all"] = [EnvironmentName.Dev, EnvironmentName.Staging, EnvironmentName.Prod],
    };

    private static readonly ScalarKind<EnvironmentName[]> Environment = new("one of dev, staging, prod (or production, or all)", scalar =>
        EnvironmentNames.TryGetValue(scalar.Text, out var names)
            ? Parsed<EnvironmentName[]>.Good(names)
            : Parsed<EnvironmentName[]>.Bad(suggestion: NearestName.Of(scalar.Text, EnvironmentNames.Keys)));

    /// <summary>The environments in their order; <c>all</c> stands for the three of them, one after the other.</summary>
    public static IReadOnlyList<EnvironmentSpec> Environments(SectionReader root)
    {
        var seen = new HashSet<EnvironmentName>();
        var position = 0;
        var groups = root.Sections("environments", section =>
        {
            var names = section.Need("name", Environment, []);
            var order = (int)section.Get("order", Scalars.Whole(1, 1000), position + 1);
            var regions = section.Values("regions", Scalars.Name);
            var infrastructure = section.Get("infrastructure", Scalars.OneOf(Infrastructures), "");
            if (regions.Count != regions.Distinct(StringComparer.OrdinalIgnoreCase).Count())
                section.Report("regions", "a region a second time", "each region once");
            foreach (var repeated in names.Where(name => !seen.Add(name)))
                section.Report("name", $"{Word(repeated)} a second time", "each environment once");
            position += Math.Max(1, names.Length);
            return names.Select((name, index) => new EnvironmentSpec
            {
                Name = name,
                Order = order + index,
                Regions = regions,
                Infrastructure = infrastructure,
            });
        });
        return [.. groups.SelectMany(group => group).OrderBy(environment => environment.Order)];
    }

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
                else if (percentage == Percentage.Zero && strategy is not (RolloutStrategy.FeatureFlag or RolloutStrategy.Shadow))
                    section.Reject("percentage", "more than 0 % (a stage at 0 % is for feature_flag and shadow)");
                previous = percentage;
            }

            last = given is null ? null : section;
            return stage;
        });
        if (previous < Percentage.Full)
            last?.Reject("percentage", "100 % in the last stage");
        return stages;
    }

    /// <summary>The HTTP gates; a gate's stage has to be one of the request's stages, where it lists any.</summary>
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

    private static string Word(EnvironmentName name) => name.ToString().ToLowerInvariant();
}
