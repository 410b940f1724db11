using Slipway.Core.Releases;

namespace Slipway.Core.Requests.Reading;

/// <summary>Reads <c>environments</c>, and checks what they have to do with each other.</summary>
internal sealed class EnvironmentSections
{
    private static readonly string[] Infrastructures = ["kubernetes", "azure_functions", "app_service", "container_apps", "vms", "serverless", "containers", "databases", "edge", "other"];

    private static readonly Dictionary<string, EnvironmentName[]> Names = new(StringComparer.Ordinal)
    {
        ["dev"] = [EnvironmentName.Dev],
        ["staging"] = [EnvironmentName.Staging],
        ["prod"] = [EnvironmentName.Prod],
        ["development"] = [EnvironmentName.Dev],
        ["production"] = [EnvironmentName.Prod],
        ["all"] = [EnvironmentName.Dev, EnvironmentName.Staging, EnvironmentName.Prod],
    };

    private static readonly ScalarKind<EnvironmentName[]> Environment = new("one of dev, staging, prod (or production, or all)", scalar =>
        Names.TryGetValue(scalar.Text, out var names)
            ? Parsed<EnvironmentName[]>.Good(names)
            : Parsed<EnvironmentName[]>.Bad(suggestion: NearestName.Of(scalar.Text, Names.Keys)));

    private readonly List<(SectionReader Section, EnvironmentSpec Spec)> _read = [];

    /// <summary>Reads the environments in their order; <c>all</c> stands for the three of them, one after the other.</summary>
    public IReadOnlyList<EnvironmentSpec> Read(SectionReader root, RolloutStrategy strategy)
    {
        var position = 0;
        root.Sections("environments", section =>
        {
            var read = Read(section, strategy, position + 1).ToList();
            position += Math.Max(1, read.Count);
            _read.AddRange(read.Select(spec => (section, spec)));
            return read;
        });
        return InOrder;
    }

    private IReadOnlyList<EnvironmentSpec> InOrder => [.. _read.Select(read => read.Spec).OrderBy(spec => spec.Order)];

    /// <summary>Every stage that is listed, of environments and of the request; empty where the last environment's are derived.</summary>
    public IReadOnlyList<StageSpec> StagesWith(IReadOnlyList<StageSpec> stages) =>
        stages.Count == 0 && InOrder.LastOrDefault() is not { Stages.Count: > 0 } ? [] : [.. _read.SelectMany(read => read.Spec.Stages), .. stages];

    /// <summary>Reports what is wrong between environments.</summary>
    public void Check(ReleaseRequest request)
    {
        if (!Once()) return;
        Ascending();
        OwnFlags();
        OwnTelemetry(request.Telemetry?.Service ?? "");
        OneListOfStages(request);
    }

    private static IEnumerable<EnvironmentSpec> Read(SectionReader section, RolloutStrategy strategy, int position)
    {
        var names = section.Need("name", Environment, []);
        var order = (int)section.Get("order", Scalars.Whole(1, 1000), position);
        var regions = section.Values("regions", Scalars.Name);
        var infrastructure = section.Get("infrastructure", Scalars.OneOf(Infrastructures), "");
        var cloud = section.Get("cloud", Scalars.Line, "");
        var runtime = section.Get("runtime", Scalars.Line, "");
        var stores = section.Values("data_stores", Scalars.Name);
        var target = section.Section("target", SystemSections.Target);
        var label = section.MaybeText("label", Scalars.Label);
        var flags = section.Get("flags", Scalars.Word<FlagScope>(), FlagScope.Shared);
        var service = section.Get("service", Scalars.Line, "");
        var stages = RolloutSections.Stages(section, strategy);
        if (regions.Count != regions.Distinct(StringComparer.OrdinalIgnoreCase).Count())
            section.Report("regions", "a region a second time", "each region once");
        if (flags == FlagScope.PerRegion && regions.Count == 0)
            section.Reject("flags", "shared, or regions to have a flag each");
        return names.Select((name, index) => new EnvironmentSpec
        {
            Name = name,
            Order = order + index,
            Regions = regions,
            Infrastructure = infrastructure,
            Cloud = cloud,
            Runtime = runtime,
            DataStores = stores,
            Target = target,
            Label = label,
            Flags = flags,
            Service = service,
            Stages = stages,
        });
    }

    private bool Once()
    {
        var seen = new HashSet<EnvironmentName>();
        foreach (var (section, spec) in _read.Where(read => !seen.Add(read.Spec.Name)))
            section.Report("name", $"{EnvironmentSpec.Word(spec.Name)} a second time", "each environment once");
        return seen.Count == _read.Count;
    }

    private void Ascending()
    {
        EnvironmentSpec? before = null;
        foreach (var (section, spec) in _read.OrderBy(read => read.Spec.Order))
        {
            if (before is not null && spec.Name < before.Name)
            {
                section.Report(
                    section.Has("order") ? "order" : "name",
                    $"{EnvironmentSpec.Word(spec.Name)} after {EnvironmentSpec.Word(before.Name)}", "dev, then staging, then prod, as far as there are any");
            }

            before = spec;
        }
    }

    /// <summary>Two environments with one flag would be moved by one write.</summary>
    private void OwnFlags()
    {
        var taken = new Dictionary<string, EnvironmentName>(StringComparer.Ordinal);
        foreach (var (section, spec) in _read)
        {
            foreach (var label in spec.FlagLabels(_read.Count > 1))
            {
                var words = label.Length == 0 ? "no label" : $"the label '{label}'";
                if (FlagKey.LabelProblem(label) is { } problem)
                    section.Report(section.Has("label") ? "label" : "regions", $"{words} for a region", $"regions that can be a label: {problem}");
                else if (!taken.TryAdd(label, spec.Name) && taken[label] != spec.Name)
                    section.Report("label", $"{words}, which {EnvironmentSpec.Word(taken[label])} has too", $"a label of its own for each environment, for example '{EnvironmentSpec.Placeholder}'");
            }
        }
    }

    /// <summary>Two environments with one service would share their evidence. That none is said is a gap, not a mistake.</summary>
    private void OwnTelemetry(string telemetry)
    {
        if (_read.Count < 2) return;
        var taken = new Dictionary<string, EnvironmentName>(StringComparer.Ordinal);
        foreach (var (section, spec) in _read)
        {
            var service = spec.ServiceAmong(true, telemetry);
            if (service.Length > 0 && !taken.TryAdd(service, spec.Name))
                section.Report("service", $"'{service}', which counts in {EnvironmentSpec.Word(taken[service])} too", $"a service of its own for each environment, for example '{service}-{EnvironmentSpec.Word(spec.Name)}'");
        }
    }

    private void OneListOfStages(ReleaseRequest request)
    {
        if (request.Stages.Count == 0 || _read.Count == 0) return;
        var (section, last) = _read.MaxBy(read => read.Spec.Order);
        if (last.Stages.Count > 0)
            section.Report("stages", "stages here and for the release, which are this last environment's", "one list of them");
    }
}
