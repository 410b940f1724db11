using Slipway.Core.Ledgers;
using Slipway.Core.Planning.Canonical;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;

namespace Slipway.Core.Planning.Checks;

/// <summary>
/// What the workflow looked at before a release left each of the five phases, read from its ledger alone, so that an auditor can compare it with
/// what the documents promised (<see cref="PhaseChecks"/>). Of the last environment, which is the one that the phases are about. Pure.
/// </summary>
public static class CheckedPhases
{
    /// <summary>The names by phase number, 1 to 5; a phase that nothing was looked at in has none.</summary>
    /// <param name="plan">The plan of the release.</param>
    /// <param name="entries">Its ledger, from the first entry on.</param>
    public static ILookup<int, string> Of(ReleasePlan plan, IEnumerable<LedgerEntry> entries) =>
        Read(plan, entries).Distinct().ToLookup(found => found.Phase, found => found.Check);

    private static IEnumerable<(int Phase, string Check)> Read(ReleasePlan plan, IEnumerable<LedgerEntry> entries)
    {
        var phases = CanonicalSequence.Of(plan);
        var capture = phases[1].RunsAs == StageRunsAs.Capture ? 2 : 1;
        var groups = new Dictionary<string, (int Stage, string Group)>(StringComparer.Ordinal);
        var steps = new Dictionary<string, HookStep>(StringComparer.Ordinal);
        var captured = false;
        var starting = false;
        var stage = -1;
        foreach (var entry in entries)
        {
            switch (entry.Read())
            {
                case PhaseEntered entered:
                    stage = Math.Max(stage, entered.Stage);
                    if (entered.Trigger == ReleaseTrigger.Validated && plan.Flags.Count > 0) yield return (5, CheckNames.FlagsReadBack);
                    break;
                case GateChecked gate when !captured:
                    yield return (PhaseChecks.BeforeExposure.Contains(gate.Gate) ? capture : 1, gate.Gate);
                    break;
                case GateChecked { Kind: GateKind.Smoke } gate when starting:
                    yield return (1, gate.Gate);
                    break;
                case GateChecked gate when PhaseOf(stage) is { } phase:
                    yield return (phase, gate.Gate);
                    break;
                case RollbackBegun:
                    // What is looked at on the way back leads to no phase.
                    yield break;
                case StateCaptured:
                    captured = true;
                    yield return (capture, CheckNames.Captured);
                    break;
                case EffectIntended { Step: { } step } intended:
                    steps[intended.EffectId] = step;
                    break;
                case EffectFinished { Outcome: EffectOutcome.Done } finished when steps.TryGetValue(finished.EffectId, out var step) && PhaseOf(stage) is { } phase:
                    // Whether the version that was just put there starts belongs to the phase of its deployment.
                    starting = step == PhaseChecks.FirstDeploy(plan);
                    yield return (starting ? 1 : phase, CheckNames.Hook(step));
                    break;
                case StageStarted:
                    starting = false;
                    break;
                case ApprovalRequested requested:
                    groups[requested.Gate.Id] = (requested.Gate.Stage, requested.Gate.Group);
                    break;
                case ApprovalEnded { Outcome: ApprovalOutcome.Approved } ended when groups.TryGetValue(ended.Gate, out var asked) && PhaseOf(asked.Stage) is { } phase:
                    yield return (phase, CheckNames.Approval(asked.Group));
                    break;
                case StageEnded { Checks: { } checks } ended when PhaseOf(ended.Stage) is { } phase:
                    foreach (var check in checks) yield return (phase, check);
                    break;
                default:
                    break;
            }
        }

        int? PhaseOf(int of) => of < 0 ? null : phases.FirstOrDefault(phase => phase.Steps.Any(step => step.Index == of))?.Number;
    }
}
