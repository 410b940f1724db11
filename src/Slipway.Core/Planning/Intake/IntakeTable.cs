using System.Text.RegularExpressions;

namespace Slipway.Core.Planning.Intake;

/// <summary>
/// Every input of a release, in the fixed order of priority in which they are asked for: first what nothing can run without, then what
/// is released, what keeps it safe, who is there, and the system. A new input is one line in one of the lists.
/// </summary>
internal static partial class IntakeTable
{
    /// <summary>The inputs. A path that stands twice is asked once: what always blocks comes first.</summary>
    public static IReadOnlyList<IntakeInput> Inputs { get; } =
        [.. StartInputs.All, .. ReleaseInputs.All, .. RiskInputs.All, .. SafetyInputs.All, .. PeopleInputs.All, .. SystemInputs.All];

    private static readonly HashSet<string> Paths = [.. Inputs.Select(input => input.Path)];

    /// <summary>Whether a path is an input of its own.</summary>
    public static bool Asks(string path) => Paths.Contains(Positions().Replace(path, "[]"));

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Positions();
}
