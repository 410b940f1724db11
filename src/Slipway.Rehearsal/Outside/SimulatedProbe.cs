using System.Text.Json;
using Slipway.Core.Requests;
using Slipway.Workflow.Ports;

namespace Slipway.Rehearsal.Outside;

/// <summary>Every address that a request names, in the best of health: smoke checks answer as expected, and whoever is asked for evidence has
/// it. Only an application that crashes fails its smoke checks.</summary>
internal sealed class SimulatedProbe(ReleaseRequest request, TimeProvider time, Func<bool> crashes) : IProbe
{
    private const double AnswersIn = 20;

    public Task<ProbeResult> GetAsync(Uri url, TimeSpan timeout, CancellationToken cancellation)
    {
        var smoke = request.Preflight.Smoke.FirstOrDefault(check => check.Url == url);
        return Task.FromResult(smoke is not null && crashes()
            ? new ProbeResult(503, AnswersIn, "", "")
            : new ProbeResult(smoke?.ExpectStatus ?? 200, AnswersIn, smoke is null ? Evidence(url) : "", ""));
    }

    /// <summary>One object that answers whatever can be asked for.</summary>
    private string Evidence(Uri url)
    {
        var evidence = request.Preflight.Evidence;
        return JsonSerializer.Serialize(new
        {
            high = 0,
            critical = 0,
            passed = 1,
            failed = 0,
            complete = true,
            value = evidence.Performance.FirstOrDefault(benchmark => benchmark.Url == url)?.Budget ?? 0,
            at = time.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            verified = "rehearsed",
            digest = request.Artifacts?.Hash ?? "",
            signed = true,
            sbom = true,
            spdxVersion = "SPDX-2.3",
        });
    }
}
