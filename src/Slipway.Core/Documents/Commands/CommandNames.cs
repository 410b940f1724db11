using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Commands;

/// <summary>The names that commands need, and the questions where one is missing.</summary>
internal sealed class CommandNames(ReleaseRequest request, EnvironmentSpec environment)
{
    private readonly int _position = Math.Max(0, request.Environments.ToList().FindIndex(known => known.Name == environment.Name));

    public ReleaseRequest Request => request;

    public EnvironmentSpec Environment => environment;

    public string Infrastructure => environment.Infrastructure;

    public TargetSpec Target => environment.Target ?? new TargetSpec();

    public CommandSpec Own => request.Delivery?.Commands ?? new CommandSpec();

    public string Image => request.Artifacts?.Image ?? "";

    public string PreviousVersion => request.Rollback?.Code?.PreviousVersion is { Length: > 0 } previous ? previous : request.Release.FromVersion;

    /// <summary>The image of the previous version: the same name with its tag, where the tag of the new one is its version; else empty.</summary>
    public string PreviousImage => Image.Length > 0 && PreviousVersion.Length > 0 && Image.EndsWith(":" + request.Release.Version, StringComparison.Ordinal)
        ? string.Concat(Image.AsSpan(0, Image.Length - request.Release.Version.Length), PreviousVersion)
        : "";

    /// <summary>A step that has a command when every named value is stated, and asks for the first that is not.</summary>
    public ProcedureStep Step(string action, string expected, string onFailure, Func<string> command, params IReadOnlyList<(string Value, string Path)> needs)
    {
        var missing = needs.FirstOrDefault(need => need.Value.Length == 0).Path;
        return new ProcedureStep
        {
            Action = action,
            Expected = expected,
            OnFailure = onFailure,
            Command = missing is null ? command() : null,
            Question = missing is null ? null : $"Which {Words(missing)} is it? State {missing}",
        };
    }

    /// <summary>The path of one of the target's names.</summary>
    public string TargetPath(string member) => $"environments[{_position}].target.{member}";

    public (string Value, string Path) Name => (Target.Name, TargetPath("name"));

    public (string Value, string Path) ResourceGroup => (Target.ResourceGroup, TargetPath("resource_group"));

    public (string Value, string Path) Namespace => (Target.Namespace, TargetPath("namespace"));

    public (string Value, string Path) Parent => (Target.Parent, TargetPath("parent"));

    public (string Value, string Path) Slot => (Target.Slot, TargetPath("slot"));

    public (string Value, string Path) NewImage => (Image, "artifacts.image");

    public (string Value, string Path) OldImage => (PreviousImage, "rollback.code.previous_version, and artifacts.image with the version as its tag");

    /// <summary>The project's own command where it has one; else the question for it.</summary>
    public ProcedureStep OwnStep(string action, string command, string path, string expected, string onFailure) =>
        Step(action, expected, onFailure, () => command, (command, path));

    private static string Words(string path) => path.Split(',')[0].Split('.')[^1] switch
    {
        "name" => "workload",
        "resource_group" => "resource group",
        "namespace" => "namespace",
        "parent" => "cluster, environment or profile",
        "slot" => "slot",
        "image" => "image",
        "previous_version" => "previous version",
        "deploy" or "build" or "test" or "migrate_down" => "command",
        var other => other.Replace('_', ' '),
    };
}
