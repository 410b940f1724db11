using System.Reflection;
using System.Reflection.Emit;
using System.Security.Cryptography;
using Slipway.Core.Approvals;
using Slipway.Web.Access;

namespace Slipway.Security.Tests.Access;

/// <summary>
/// How long a comparison takes says nothing of where it fails. A clock cannot show that within the noise of a machine; the code can: what computes a
/// signature compares it by the one method that looks at every byte, and by no other.
/// </summary>
public sealed class ComparisonTests
{
    private static readonly Assembly[] Ours =
    [
        typeof(ApprovalToken).Assembly, typeof(Workflow.Flags.FlagJson).Assembly, typeof(FormTokens).Assembly, typeof(Embedded.Storage.SlipwayDatabase).Assembly, typeof(Cli.Hosting.SlipwayServer).Assembly,
    ];

    [Fact]
    public void Every_check_of_a_token_compares_in_constant_time()
    {
        MethodInfo[] checks =
        [
            typeof(ApprovalToken).GetMethod(nameof(ApprovalToken.Verify))!,
            typeof(FormTokens).Assembly.GetType("Slipway.Web.Access.SignedText", throwOnError: true)!.GetMethod("Read")!,
            typeof(TokenAccessControl).GetMethod(nameof(TokenAccessControl.Identify))!,
        ];

        Assert.All(checks, check => Assert.Contains(Calls(check), call => call.DeclaringType == typeof(CryptographicOperations) && call.Name == nameof(CryptographicOperations.FixedTimeEquals)));
    }

    [Fact]
    public void Nothing_that_computes_a_signature_compares_it_in_another_way()
    {
        var signers = Ours.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => Calls(method).Any(call => call.DeclaringType == typeof(HMACSHA256)))
            .ToList();

        Assert.InRange(signers.Count, 3, 20);
        Assert.All(signers, method => Assert.DoesNotContain(Calls(method), call => call.Name is "SequenceEqual" or "SequenceCompareTo" || (call.DeclaringType == typeof(string) && call.Name is "Equals" or "op_Equality" or "Compare")));
    }

    [Fact]
    public void The_reader_of_calls_sees_a_comparison()
    {
        var method = typeof(ComparisonTests).GetMethod(nameof(Careless), BindingFlags.NonPublic | BindingFlags.Static)!;

        Assert.Contains(Calls(method), call => call.Name == "SequenceEqual");
        Assert.Contains(Calls(method), call => call.DeclaringType == typeof(HMACSHA256));
    }

    private static bool Careless(byte[] key, byte[] text, byte[] signature) => HMACSHA256.HashData(key, text).AsSpan().SequenceEqual(signature);

    /// <summary>The methods that a method's code names in a call.</summary>
    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at + 4 < code.Length; at++)
        {
            if (code[at] != OpCodes.Call.Value && code[at] != OpCodes.Callvirt.Value) continue;
            if (Resolve(method, BitConverter.ToInt32(code, at + 1)) is { } called) yield return called;
        }
    }

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
