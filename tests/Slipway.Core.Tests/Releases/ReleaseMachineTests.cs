using Slipway.Core.Releases;
using static Slipway.Core.Releases.ReleasePhase;
using static Slipway.Core.Releases.ReleaseTrigger;

namespace Slipway.Core.Tests.Releases;

/// <summary>The whole table, written a second time as data: every pair that is not listed here must be illegal.</summary>
public class ReleaseMachineTests
{
    private static readonly ReleasePhase[] Forward = [Preflight, Approving, Waiting, Capturing, Shifting, Propagating, Baking, Validating, Concluding];

    /// <summary>Every state that the release can be in, as far as the table can tell them apart.</summary>
    public static IEnumerable<MachineState> States()
    {
        yield return MachineState.Initial;
        foreach (var phase in Forward)
        {
            var captured = phase is Shifting or Propagating or Baking or Validating or Concluding;
            var state = new MachineState(phase, null, captured, captured);
            yield return state;
            yield return state with { Phase = Paused, Held = phase };
            if (phase is not (Waiting or Approving)) continue;
            yield return state with { Captured = true, Exposed = true };
            yield return state with { Phase = Paused, Held = phase, Captured = true, Exposed = true };
        }

        yield return new MachineState(RollingBack, null, true, true);
        yield return new MachineState(Completed, null, true, true);
        yield return new MachineState(RolledBack, null, true, true);
        yield return new MachineState(Failed, null, false, false);
        yield return new MachineState(Failed, null, true, true);
    }

    [Fact]
    [Trait("requirement", "S002-36")]
    [Trait("requirement", "S002-17")]
    public void Next_EveryPairOfStateAndTrigger_IsLegalExactlyWhenTheTableSaysSo()
    {
        foreach (var state in States())
        {
            foreach (var trigger in Enum.GetValues<ReleaseTrigger>())
            {
                foreach (var last in new[] { false, true })
                {
                    var expected = Expected(state, trigger, last);
                    var actual = ReleaseMachine.Next(state, trigger, last);
                    Assert.True(expected == actual?.Phase, $"{state} + {trigger} (last stage: {last}): expected {expected?.ToString() ?? "illegal"}, was {actual?.Phase.ToString() ?? "illegal"}");
                }
            }
        }
    }

    [Fact]
    public void Next_TerminalPhases_NeverChange()
    {
        foreach (var state in States().Where(state => state.IsTerminal))
        {
            Assert.All(Enum.GetValues<ReleaseTrigger>(), trigger => Assert.Null(ReleaseMachine.Next(state, trigger)));
        }
    }

    [Fact]
    public void Next_PauseThenResume_ComesBackToTheSameState()
    {
        foreach (var state in States().Where(state => ReleaseMachine.Next(state, Pause) is not null))
        {
            Assert.Equal(state, ReleaseMachine.Next(ReleaseMachine.Next(state, Pause)!, Resume));
        }
    }

    [Fact]
    [Trait("requirement", "S002-36")]
    public void Next_RollbackAndAbort_AreLegalFromEveryPhaseThatIsNotTerminal()
    {
        foreach (var state in States().Where(state => !state.IsTerminal))
        {
            var expected = state.Exposed ? RollingBack : Failed;
            Assert.Equal(expected, ReleaseMachine.Next(state, RollBack)?.Phase);
            Assert.Equal(expected, ReleaseMachine.Next(state, Abort)?.Phase);
        }
    }

    private static ReleasePhase? Expected(MachineState state, ReleaseTrigger trigger, bool last)
    {
        var phase = state.Phase;
        var held = state.Held;
        if (state.IsTerminal) return null;
        return trigger switch
        {
            Begin => phase == Received ? Preflight : null,
            GatesPassed => phase == Preflight ? Waiting : null,
            GatesFailed => phase == Preflight || held == Preflight || (phase == Waiting && !state.Captured) ? Failed : null,
            ApprovalNeeded => phase == Waiting ? Approving : null,
            ApprovalGiven => phase == Approving ? Waiting : null,
            ApprovalDenied => phase == Approving || held == Approving ? state.Exposed ? RollingBack : Failed : null,
            WindowOpen => phase == Waiting ? state.Captured ? Shifting : Capturing : null,
            ReleaseTrigger.Captured => phase == Capturing ? Shifting : null,
            CaptureFailed => phase == Capturing || held == Capturing ? Failed : null,
            WindowClosed => phase is Shifting or Waiting ? Waiting : null,
            Frozen => phase is Shifting or Waiting ? Waiting : null,
            GatesAwaited => phase == Shifting || (phase == Waiting && state.Captured) ? Waiting : null,
            Shifted => phase == Shifting ? Propagating : null,
            ShiftFailed => phase == Shifting || held == Shifting ? RollingBack : null,
            Propagated => phase == Propagating ? Baking : null,
            StagePassed => phase == Baking ? Waiting : null,
            LastStagePassed => phase == Baking ? Validating : null,
            Held => state.Exposed && phase != RollingBack ? Paused : null,
            Breached => state.Exposed && phase != RollingBack ? RollingBack : null,
            Validated => phase == Validating ? Concluding : null,
            ValidationFailed => phase == Validating || held == Validating ? RollingBack : null,
            NoticesAccepted => phase == Concluding ? Completed : null,
            Recovered => phase == RollingBack ? RolledBack : null,
            LevelsExhausted => phase == RollingBack ? Failed : null,
            Pause => Forward.Contains(phase) && phase != Concluding ? Paused : null,
            Resume => phase == Paused ? held : null,
            Promote => phase == Baking || held == Baking ? last ? Validating : Waiting : null,
            Extend => phase == Baking || held == Baking ? phase : null,
            RollBack or Abort => phase == RollingBack || state.Exposed ? RollingBack : Failed,
            _ => throw new InvalidOperationException($"{trigger} is missing in this test."),
        };
    }
}
