using Slipway.Azure.Policy;
using Slipway.Core.Policy;
using Slipway.Workflow.Ports;

namespace Slipway.Functions.Policy;

/// <summary>
/// The server policy as a key of App Configuration, YAML as in a file, with a copy of the last good one beside the state. The application starts
/// whatever it finds: users may be exposed, and somebody has to look after them.
/// </summary>
/// <param name="store">Where the key is.</param>
/// <param name="copy">The copy.</param>
/// <param name="key">The key.</param>
/// <param name="time">The clock.</param>
/// <param name="host">Adds to a policy what the host says of itself.</param>
internal sealed class StoredPolicy(IConfigurationStore store, BlobPolicyCopy copy, string key, TimeProvider time, Func<ServerPolicy, ServerPolicy> host)
{
    /// <summary>How long one look may take: a start waits for two.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _place = $"the key {key} of App Configuration";
    private volatile PolicyStanding? _standing;
    private string? _kept;

    /// <summary>How the policy stands. Throws <see cref="InvalidOperationException"/> before the first look.</summary>
    public PolicyStanding Standing => _standing ?? throw new InvalidOperationException("The policy was not looked at yet.");

    /// <summary>Looks at the key, and keeps a good policy that is new. Throws only what <paramref name="cancellation"/> causes. One at a time.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var found = await FoundAsync(cancellation);
        var kept = found.Reading?.Policy is null && _standing?.Text is null ? await CopyAsync(cancellation) : PolicyText.None(CopyPlace);
        var standing = PolicyStanding.After(_standing, found, kept, time.GetUtcNow(), host);
        if (standing.Origin == PolicyOrigin.Key) standing = standing with { NotKept = await KeepAsync(found.Text!, cancellation) };
        _standing = standing;
    }

    private const string CopyPlace = "the copy of the last good policy";

    private Task<PolicyText> FoundAsync(CancellationToken cancellation) => ReadAsync(
        _place,
        async patience => (await store.ReadAsync(key, patience)).Value is { } text ? PolicyText.Of(text, _place, $"{key}.yaml") : PolicyText.None(_place),
        cancellation);

    private Task<PolicyText> CopyAsync(CancellationToken cancellation) => ReadAsync(
        CopyPlace,
        async patience => await copy.ReadAsync(patience) is { } there ? PolicyText.Of(there.Text, CopyPlace, "last-good.yaml", there.At) : PolicyText.None(CopyPlace),
        cancellation);

    private async Task<PolicyText> ReadAsync(string place, Func<CancellationToken, Task<PolicyText>> read, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await read(either.Token);
        }
        catch (PortUnavailableException problem)
        {
            return PolicyText.Unreadable(place, problem.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return PolicyText.Unreadable(place, $"no answer in {Patience.TotalSeconds:0} s");
        }
    }

    /// <summary>Why the copy could not be kept; empty when it was, or is there already.</summary>
    private async Task<string> KeepAsync(string text, CancellationToken cancellation)
    {
        if (_kept == text) return "";
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await copy.KeepAsync(text, either.Token);
            _kept = text;
            return "";
        }
        catch (PortUnavailableException problem)
        {
            return problem.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"no answer in {Patience.TotalSeconds:0} s";
        }
    }
}
