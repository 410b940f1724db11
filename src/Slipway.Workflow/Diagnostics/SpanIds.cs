using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Slipway.Workflow.Diagnostics;

/// <summary>
/// Gives a started span an id of our own. The runtime has a hook for trace ids and none for span ids, but a parent that ends hours after its
/// children has to have the id that they named. Where a runtime keeps the id elsewhere, spans keep their random ids: children then name a
/// parent that no backend finds, and everything else holds.
/// </summary>
internal static class SpanIds
{
    private static readonly bool Supported = HasField("_spanId") && HasField("_id");

    /// <summary>Sets the id; false when this runtime does not let it.</summary>
    public static bool Set(Activity activity, ActivitySpanId id)
    {
        if (!Supported) return false;
        SpanIdOf(activity) = id.ToHexString();
        // The long form is put together from the parts when it is asked for.
        IdOf(activity) = null;
        return true;
    }

    private static bool HasField(string name) => typeof(Activity).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)?.FieldType == typeof(string);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanIdOf(Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_id")]
    private static extern ref string? IdOf(Activity activity);
}
