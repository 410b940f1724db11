using System.Text;
using Slipway.Core.Requests;
using Slipway.Fuzz.Running;
using Slipway.Web.Requests;

namespace Slipway.Fuzz.Targets;

/// <summary>What is printed as YAML reads back as the same tree, as far as the printer promises it.</summary>
internal static class TreePrint
{
    /// <summary>A key that is longer does not stand on one line in YAML.</summary>
    private const int LongestKey = 300;

    /// <summary>Throws where it does not.</summary>
    public static void CheckRoundTrip(RequestMapping root)
    {
        if (root.Entries.Count == 0 || !IsPrintable(root)) return;
        var printed = RequestYaml.Write(root);

        // Printed, what was escaped or folded may be longer than what is read.
        if (Encoding.UTF8.GetByteCount(printed) > RequestLimits.MaxBytes) return;
        var again = YamlRequestDocument.Parse(printed);
        if (again.Root is null) throw new BrokenPromiseException("printed YAML does not read");
        if (!IsSame(root, again.Root)) throw new BrokenPromiseException("printed YAML reads as another tree");
    }

    /// <summary>The printer writes templates of requests: no list in a list, and nothing empty.</summary>
    private static bool IsPrintable(RequestNode node) => node switch
    {
        RequestMapping mapping => mapping.Entries.Count > 0 && mapping.Entries.All(entry => entry.Key.Length is > 0 and <= LongestKey && IsPrintable(entry.Value)),
        RequestSequence list => list.Items.Count > 0 && list.Items.All(item => item is not RequestSequence && IsPrintable(item)),
        RequestScalar scalar => scalar.Quoted || (scalar.Text.Length > 0 && scalar.Text.All(letter => letter is > ' ' and <= '~')),
        _ => false,
    };

    private static bool IsSame(RequestNode one, RequestNode other) => (one, other) switch
    {
        (RequestScalar left, RequestScalar right) => left.Text == right.Text && left.IsNull == right.IsNull,
        (RequestSequence left, RequestSequence right) => left.Items.Count == right.Items.Count && left.Items.Zip(right.Items).All(pair => IsSame(pair.First, pair.Second)),
        (RequestMapping left, RequestMapping right) => left.Entries.Count == right.Entries.Count
            && left.Entries.Zip(right.Entries).All(pair => pair.First.Key == pair.Second.Key && IsSame(pair.First.Value, pair.Second.Value)),
        _ => false,
    };
}
