using Slipway.Cli.Client;
using Slipway.Core.Releases;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>The releases of a kill test: always several under way, of every fate, as long as kills are left.</summary>
internal sealed class KillFleet(FedService service, Random random)
{
    private readonly List<KilledRelease> _releases = [];

    public IReadOnlyList<KilledRelease> Releases => _releases;

    /// <summary>How many are under way at least: a new release takes the place of one that ended. 0: none is started any more.</summary>
    public int AtLeast { get; set; }

    public bool HasEnded => _releases.All(release => release.HasEnded);

    /// <summary>How often any of them was seen under way.</summary>
    public int Looks => _releases.Sum(release => release.Looks);

    /// <summary>The phases that releases are in, as far as it was seen.</summary>
    public IReadOnlyList<ReleasePhase> Phases => [.. _releases.Where(release => !release.HasEnded).Select(release => release.Seen).OfType<ReleasePhase>()];

    /// <summary>Lets people do what there is to do until told to stop, whether or not the server is alive.</summary>
    public async Task RunAsync(ServeProcess server, CancellationToken stop)
    {
        using var client = new SlipwayClient(
            new ServerAddress(new Uri(server.File.Url), server.File.OperatorToken), new SocketsHttpHandler { UseProxy = false });
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(150));
        try
        {
            while (!HasEnded || AtLeast > 0)
            {
                Refill();
                await Task.WhenAll(_releases.Select(release => release.StepAsync(client, stop)));
                await pace.WaitForNextTickAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server is dead; the next one is asked.
        }
    }

    /// <summary>Where everything stands, for the message of a test that fails.</summary>
    public string Describe() => string.Join("; ", _releases.Where(release => !release.HasEnded).Select(release => $"{release.Id} is {release.Seen} {release.Trouble}"));

    private void Refill()
    {
        while (_releases.Count(release => !release.HasEnded) < AtLeast)
        {
            // The first are one of each; then as it comes.
            var fate = (Fate)(_releases.Count < Enum.GetValues<Fate>().Length ? _releases.Count : random.Next(Enum.GetValues<Fate>().Length));
            _releases.Add(new KilledRelease(_releases.Count, fate, service));
        }
    }
}
