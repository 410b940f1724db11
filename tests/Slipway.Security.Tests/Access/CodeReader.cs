using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Slipway.Security.Tests.Access;

/// <summary>What the code of a method calls, and what it compares.</summary>
internal static class CodeReader
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private const byte TwoBytes = 0xFE;
    private const byte TableOfTexts = 0x70;

    public static IEnumerable<MethodBase> MethodsOf(Type type) => [.. type.GetMethods(All), .. type.GetConstructors(All)];

    /// <summary>A method of a generic type is one, whatever the type is made with.</summary>
    public static (Module Module, int Token) KeyOf(MethodBase method) => (method.Module, method.MetadataToken);

    public static string NameOf(MethodBase method) => $"{method.DeclaringType?.Name}.{method.Name}";

    /// <summary>The methods that a method's code names in a call or makes a delegate of, also where it is continued behind an await.</summary>
    public static IEnumerable<MethodBase> Calls(MethodBase method) => Found(method).Select(call => call.Called);

    /// <summary>The calls that compare texts or bytes and may stop at the first difference. Who compares with what stands in the code compares no secret.</summary>
    public static IEnumerable<MethodBase> Comparisons(MethodBase method) => Found(method).Where(call => !call.WithLiteral && IsComparison(call.Called)).Select(call => call.Called);

    private static bool IsComparison(MethodBase call) =>
        call.Name is "SequenceEqual" or "SequenceCompareTo" or "CommonPrefixLength"
        || (call.DeclaringType == typeof(string) && call.Name is "Equals" or "op_Equality" or "op_Inequality" or "Compare" or "CompareOrdinal" or "CompareTo");

    private static IEnumerable<(MethodBase Called, bool WithLiteral)> Found(MethodBase method)
    {
        var found = Read(method);
        var machine = method.GetCustomAttribute<StateMachineAttribute>()?.StateMachineType.GetMethod("MoveNext", All);
        return machine is null ? found : found.Concat(Read(machine));
    }

    private static IEnumerable<(MethodBase Called, bool WithLiteral)> Read(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at + 4 < code.Length; at++)
        {
            var names = code[at] == OpCodes.Call.Value || code[at] == OpCodes.Callvirt.Value || code[at] == OpCodes.Newobj.Value
                || (at > 0 && code[at - 1] == TwoBytes && code[at] == (OpCodes.Ldftn.Value & 0xFF));
            if (names && Resolve(method, BitConverter.ToInt32(code, at + 1)) is { } called)
                yield return (called, IsLiteral(code, at - 5) || (at > 0 && IsSmallNumber(code[at - 1]) && IsLiteral(code, at - 6)));
        }
    }

    /// <summary>A text of the code itself, as the last argument.</summary>
    private static bool IsLiteral(byte[] code, int at) => at >= 0 && code[at] == OpCodes.Ldstr.Value && code[at + 4] == TableOfTexts;

    /// <summary>Such as the kind of comparison, which stands behind the texts.</summary>
    private static bool IsSmallNumber(byte code) => code >= OpCodes.Ldc_I4_0.Value && code <= OpCodes.Ldc_I4_8.Value;

    /// <summary>What a number in the code names; a number that is part of something else names nothing, or nothing that matters here.</summary>
    private static MethodBase? Resolve(MethodBase method, int token)
    {
        try
        {
            return method.Module.ResolveMethod(token, method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null);
        }
        catch (Exception error) when (error is ArgumentException or BadImageFormatException or TypeLoadException or MissingMethodException)
        {
            return null;
        }
    }
}
