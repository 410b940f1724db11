using System.Diagnostics.CodeAnalysis;
using System.Text;
using Slipway.Cli.Client;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>What becomes of a release when nothing kills its server.</summary>
internal enum Fate
{
    /// <summary>It is healthy, and completes.</summary>
    Good,

    /// <summary>Half of the new path's requests fail: it rolls itself back.</summary>
    Bad,

    /// <summary>It would bake for ever: a person rolls it back.</summary>
    Commanded,

    /// <summary>As commanded, and turning the flag off does not heal it: only the deploy hook does.</summary>
    Deep,
}

/// <summary>
/// One release of the kill test, and the person behind it: creates the flag, starts the release, gives the command, and does each of it
/// again when the server died before it answered.
/// </summary>
internal sealed class KilledRelease(int number, Fate fate, FedService service)
{
    private bool _flagMade;
    private bool _started;
    private bool _commanded;

    public ReleaseId Id { get; } = ReleaseId.Parse($"{fate.ToString().ToLowerInvariant()}-{number}");

    public Fate Fate { get; } = fate;

    public string Flag => $"flag-{Id}";

    public string CommandId => $"stop-{Id}";

    /// <summary>Whether a person rolls it back.</summary>
    private bool IsCommanded => Fate is Fate.Commanded or Fate.Deep;

    public ReleasePhase RightEnd => Fate == Fate.Good ? ReleasePhase.Completed : ReleasePhase.RolledBack;

    /// <summary>The phase that was seen last; null before the start.</summary>
    public ReleasePhase? Seen { get; private set; }

    /// <summary>How often a server said where it stands.</summary>
    public int Looks { get; private set; }

    /// <summary>What the server said last that was not an answer; empty when there was nothing.</summary>
    public string Trouble { get; private set; } = "";

    public bool HasEnded { get; private set; }

    /// <summary>Mail addresses that are told of everything.</summary>
    public IReadOnlyList<string> Recipients => ["support@example.com", $"owner-of-{Id}@example.com"];

    private string Request => $$"""
        release: { id: {{Id}}, version: 1.1.0, title: Survives many kills, declared_risk: low }
        environments: [{ name: prod }]
        flags: [{ name: {{Flag}}, kill_switch: true }]
        stages:
          - { percentage: 50, bake: {{(IsCommanded ? "30m" : "4s")}}, max_bake: 60m }
          - { percentage: 100, bake: 2s, max_bake: 60m }
        guardrails:
          error_rate: { limit: 5% }
          latency_p95: { limit: 500ms }
          availability: { objective: 95% }
          when_blind: { hold: 10m, then: rollback }
        telemetry: { source: embedded, service: {{Flag}}, interval: 2s, ingestion_delay: 1s, propagation: 1s }
        preflight:
          smoke: [{ name: health, url: "{{service.HealthOf(Flag)}}", within: 20s }]
        rollback: {{(Fate == Fate.Deep ? $"{{ code: {{ hook: \"{service.HookOf(Flag)}\", previous_version: 1.0.0 }} }}" : "{ configuration: [] }")}}
        communications:
          stakeholders:
            - { name: Support, email: {{Recipients[0]}} }
            - { name: Owner, email: {{Recipients[1]}} }
        operations: { traffic_rps: 100, windows: ["Mon-Sun 00:00-24:00 UTC"] }
        """;

    /// <summary>Does the next thing that there is to do for it; a server that is dead or dies meanwhile changes nothing.</summary>
    public async Task StepAsync(SlipwayClient server, CancellationToken stop)
    {
        if (HasEnded) return;
        if (!_flagMade)
        {
            service.Serve(Flag, Fate == Fate.Bad ? 0.5 : 0);
            _flagMade = Got(await server.CreateFlagAsync(Flag, stop), out _);
        }
        else if (!_started)
        {
            if (service.HasFed(Flag)) _started = Got(await server.StartAsync(Encoding.UTF8.GetBytes(Request), "application/yaml", stop), out _);
        }
        else if (Got(await server.SummaryAsync(Id, stop), out var summary))
        {
            Seen = summary.Phase;
            Looks++;
            HasEnded = summary.Phase is ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed;
            if (HasEnded) service.Retire(Flag);
            if (IsCommanded && !_commanded && summary.Phase == ReleasePhase.Baking)
            {
                if (Fate == Fate.Deep) service.Break(Flag);
                var command = new ReleaseCommand(CommandId, ReleaseCommandKind.RollBack, "", "customers complain");
                _commanded = Got(await server.CommandAsync(Id, command, stop), out _);
            }
        }
    }

    /// <summary>Checks one ledger: the right end, each command once, an unbroken chain.</summary>
    public void CheckLedger(IReadOnlyList<LedgerEntry> entries)
    {
        var verdict = LedgerChain.Verify(entries);
        Assert.True(verdict.Ok, $"{Id}: {verdict.Sentence}");
        var bodies = entries.Select(entry => entry.Read()).ToList();
        var ended = Assert.Single(bodies.OfType<ReleaseEnded>());
        Assert.True(ended.Phase == RightEnd, $"{Id} ended {ended.Phase}: {ended.Reason}");
        Assert.Empty(ended.LeftToDo);
        Assert.Empty(ReleaseState.Fold(entries).PendingCommands);
        Assert.Equal(IsCommanded ? [CommandId] : [], bodies.OfType<CommandReceived>().Select(received => received.Command.Id));
        Assert.Equal(IsCommanded ? [CommandId] : [], bodies.OfType<CommandApplied>().Select(applied => applied.CommandId));
        Assert.Equal(Fate == Fate.Good ? 0 : 1, bodies.OfType<RollbackBegun>().Count());
        CheckHook(bodies);
    }

    /// <summary>The pipeline runs the tests of the version before, and then deploys it. It honours the key, so that one key is one effect, however often the hook was called around a kill.</summary>
    private void CheckHook(List<LedgerBody> bodies)
    {
        var intended = bodies.OfType<EffectIntended>().Where(effect => effect.Kind == EffectKind.Hook).Select(effect => effect.EffectId).ToList();
        Assert.Equal(Fate == Fate.Deep ? 2 : 0, intended.Count);
        Assert.Equal(intended, service.HookKeys(Flag).Distinct());
    }

    /// <summary>How often each recipient has to be told of what; other messages (alerts) may come on top. A rollback is told of when
    /// it begins and when it is verified.</summary>
    public IEnumerable<(Checkpoint Checkpoint, int Times)> Due() => Fate switch
    {
        Fate.Good => [(Checkpoint.Start, 1), (Checkpoint.Stage, 2), (Checkpoint.Done, 1)],
        Fate.Bad => [(Checkpoint.Start, 1), (Checkpoint.Breach, 1), (Checkpoint.Rollback, 2)],
        _ => [(Checkpoint.Start, 1), (Checkpoint.Stage, 1), (Checkpoint.Rollback, 2)],
    };

    private bool Got<T>(Answer<T> answer, [NotNullWhen(true)] out T? value)
    {
        if (answer is Answer<T>.Failed failed) Trouble = failed.Error.ToString();
        value = answer is Answer<T>.Got got ? got.Value : default;
        return answer is Answer<T>.Got;
    }
}
