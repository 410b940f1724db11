using System.Reflection;
using System.Security.Cryptography;
using Slipway.Core.Approvals;
using Slipway.Web.Access;

namespace Slipway.Security.Tests.Access;

/// <summary>
/// How long a comparison takes says nothing of where it fails. A clock cannot show that within the noise of a machine; the code can: what computes a
/// signature, or gets one from what computes it, compares it by the one method that looks at every byte, and by no other.
/// </summary>
public sealed class ComparisonTests
{
    private const string CommandLine = "slipway";

    /// <summary>Everything that the one-machine server is made of.</summary>
    private static readonly IReadOnlyList<Assembly> Ours = WithReferences(typeof(Cli.Hosting.SlipwayServer).Assembly);

    [Fact]
    public void Every_check_of_a_token_compares_in_constant_time()
    {
        MethodInfo[] checks =
        [
            typeof(ApprovalToken).GetMethod(nameof(ApprovalToken.Verify))!,
            typeof(FormTokens).Assembly.GetType("Slipway.Web.Access.SignedText", throwOnError: true)!.GetMethod("Read")!,
            typeof(TokenAccessControl).GetMethod(nameof(TokenAccessControl.Identify))!,
        ];

        Assert.All(checks, check => Assert.Contains(CodeReader.Calls(check), call => call.DeclaringType == typeof(CryptographicOperations) && call.Name == nameof(CryptographicOperations.FixedTimeEquals)));
    }

    [Fact]
    public void Nothing_that_computes_a_signature_compares_it_in_another_way()
    {
        var signers = SignersAmong(Ours.SelectMany(assembly => assembly.GetTypes()));
        var names = signers.Select(CodeReader.NameOf).ToHashSet();

        // By their own signature, by a helper's bytes, and by a text that holds it.
        Assert.Superset(new HashSet<string> { "SignedText.Read", "SignedText.Write", "ApprovalToken.Mac", "ApprovalToken.Verify", "ApprovalToken.Sign", "FormTokens.Make", "SignInLinks.Make" }, names);
        Assert.All(signers, method => Assert.True(!CodeReader.Comparisons(method).Any(), $"{CodeReader.NameOf(method)}: {string.Join(", ", CodeReader.Comparisons(method).Select(CodeReader.NameOf))}"));
    }

    [Fact]
    public void What_is_not_loaded_here_computes_no_signature()
    {
        var loaded = Ours.Select(assembly => assembly.GetName().Name).Select(name => name == CommandLine ? "Slipway.Cli" : name).ToHashSet();
        var others = Directory.GetDirectories(Path.Combine(ThreatModelTests.Root, "src")).Where(folder => !loaded.Contains(Path.GetFileName(folder))).ToList();

        Assert.Equal(["Slipway.Azure", "Slipway.Functions"], others.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var source in others.SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)))
            Assert.DoesNotContain("HMAC", File.ReadAllText(source), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_reader_of_code_sees_a_comparison_also_behind_helpers_tasks_and_lambdas()
    {
        var careless = SignersAmong([typeof(Careless), .. typeof(Careless).GetNestedTypes(BindingFlags.NonPublic)]).Where(method => CodeReader.Comparisons(method).Any()).Select(CodeReader.NameOf).ToList();

        foreach (var method in new[] { nameof(Careless.Directly), nameof(Careless.ByHelpers), nameof(Careless.ByTaskAsync), nameof(Careless.ByLambda), nameof(Careless.ByText) })
            Assert.Contains($"{nameof(Careless)}.{method}", careless);
        foreach (var method in new[] { nameof(Careless.OfAVersion), nameof(Careless.WithoutSignature) })
            Assert.DoesNotContain($"{nameof(Careless)}.{method}", careless);
    }

    /// <summary>What computes a signature, and whoever calls what gives one on.</summary>
    private static IReadOnlyCollection<MethodBase> SignersAmong(IEnumerable<Type> types)
    {
        var calls = types.SelectMany(CodeReader.MethodsOf).ToDictionary(method => method, method => CodeReader.Calls(method).ToList());
        var signers = calls.Where(entry => entry.Value.Any(IsSignature)).Select(entry => entry.Key).ToHashSet();
        while (true)
        {
            var helpers = signers.Where(GivesOn).Select(CodeReader.KeyOf).ToHashSet();
            var more = calls.Where(entry => !signers.Contains(entry.Key) && entry.Value.Any(call => helpers.Contains(CodeReader.KeyOf(call)))).Select(entry => entry.Key).ToList();
            if (more.Count == 0) return signers;
            signers.UnionWith(more);
        }
    }

    private static bool IsSignature(MethodBase call) =>
        typeof(KeyedHashAlgorithm).IsAssignableFrom(call.DeclaringType) || (call.DeclaringType == typeof(IncrementalHash) && call.Name == nameof(IncrementalHash.CreateHMAC));

    /// <summary>Whether a method gives bytes or a text back, or writes into bytes of its caller.</summary>
    private static bool GivesOn(MethodBase method)
    {
        Type[] bytes = [typeof(byte[]), typeof(string), typeof(Memory<byte>), typeof(ReadOnlyMemory<byte>), typeof(ReadOnlySpan<byte>)];
        var returned = (method as MethodInfo)?.ReturnType ?? typeof(void);
        if (returned.IsGenericType && (returned.GetGenericTypeDefinition() == typeof(Task<>) || returned.GetGenericTypeDefinition() == typeof(ValueTask<>))) returned = returned.GetGenericArguments()[0];
        return bytes.Contains(returned) || method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Span<byte>) || parameter.ParameterType == typeof(Memory<byte>));
    }

    private static IReadOnlyList<Assembly> WithReferences(Assembly first)
    {
        var found = new List<Assembly> { first };
        for (var i = 0; i < found.Count; i++)
        {
            foreach (var name in found[i].GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Slipway.", StringComparison.Ordinal) && found.All(known => known.GetName().Name != name.Name)))
                found.Add(Assembly.Load(name));
        }

        return found;
    }

    /// <summary>How not to compare, and what looks like it.</summary>
    private static class Careless
    {
        public static bool Directly(byte[] key, byte[] text, byte[] signature) => HMACSHA256.HashData(key, text).AsSpan().SequenceEqual(signature);

        public static bool ByHelpers(byte[] key, byte[] text, byte[] signature) => Hex(key, text) == Convert.ToHexString(signature);

        public static async Task<bool> ByTaskAsync(byte[] key, byte[] text, string signature) => string.Equals(signature, await HexAsync(key, text), StringComparison.Ordinal);

        public static bool ByLambda(byte[] key, byte[] text, byte[] signature)
        {
            var mac = () => HMACSHA256.HashData(key, text);
            return mac().SequenceEqual(signature);
        }

        public static bool ByText(byte[] key, byte[] text, string token) => $"{text.Length}.{Hex(key, text)}".Equals(token, StringComparison.Ordinal);

        public static bool OfAVersion(byte[] key, byte[] text, string version) => version == "v1" && Hex(key, text).Length > 0;

        public static bool WithoutSignature(string one, string another) => one == another;

        private static string Hex(byte[] key, byte[] text) => Convert.ToHexString(Mac(key, text));

        private static async Task<string> HexAsync(byte[] key, byte[] text)
        {
            await Task.Yield();
            return Hex(key, text);
        }

        private static byte[] Mac(byte[] key, byte[] text) => HMACSHA256.HashData(key, text);
    }
}
