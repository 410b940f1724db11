using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Documents;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Releases;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Aftercare;

/// <summary>Input of <see cref="Activities.ReleaseActivities.PostManifest"/>.</summary>
/// <param name="Release">The release.</param>
/// <param name="Url">The ticket's webhook.</param>
public sealed record PostManifestInput(ReleaseId Release, Uri Url);

/// <summary>How it was answered.</summary>
/// <param name="Sha256">Of what was posted.</param>
/// <param name="Accepted">Whether the ticket took it.</param>
/// <param name="Details">What was answered.</param>
public sealed record PostManifestOutput(string Sha256, bool Accepted, string Details);

/// <summary>Renders the deployment manifest, the same bytes as the document of that name, and posts it under one key.</summary>
public sealed class PostManifest(ReleaseJournal journal, IWebhook webhook) : IActivity<PostManifestInput, PostManifestOutput>
{
    /// <summary>The key under which the ticket gets the manifest of a release, however often it is posted.</summary>
    public static string KeyOf(ReleaseId release) => $"{release}:manifest";

    /// <inheritdoc/>
    public async Task<PostManifestOutput> RunAsync(PostManifestInput input, CancellationToken cancellation)
    {
        var state = await journal.StateAsync(input.Release, cancellation) ?? throw new InvalidOperationException($"{input.Release} has no ledger.");
        var dossier = new ReleaseDossier { Request = state.Request, Plan = state.Plan, Gaps = IntakeGaps.Analyse(state.Request), At = state.UpdatedAt, State = state };
        var json = ReleaseDocuments.Render(dossier, DocumentNames.DeploymentManifest)!.Text;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
        try
        {
            await webhook.PostAsync(input.Url, json, KeyOf(input.Release), cancellation);
            return new PostManifestOutput(hash, true, $"accepted by {input.Url.Host}");
        }
        catch (PortUnavailableException error)
        {
            return new PostManifestOutput(hash, false, error.Message);
        }
    }
}
