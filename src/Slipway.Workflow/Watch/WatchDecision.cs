using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Watch;

/// <summary>Whether an assessment ends the watch, and with what; pure.</summary>
public static class WatchDecision
{
    /// <summary>So many reported findings are remembered, so that a limit that is crossed over and over does not make the watch grow.</summary>
    private const int MostAlerted = 200;

    /// <summary>What to end with; null: go on watching.</summary>
    /// <param name="input">The watch with its newest judgement already in it.</param>
    /// <param name="assessment">What the evidence says.</param>
    public static WatchDecided? Decide(WatchInput input, Assessment assessment)
    {
        if (assessment.Verdict == Verdict.Fail) return new(WatchEnding.Breached, assessment.Sentence, input);

        if (assessment.Verdict == Verdict.Blind)
        {
            var held = (input.Judge?.JudgedUntil ?? input.JudgedUntil) - (assessment.BlindSince ?? input.JudgedUntil);
            if (held >= input.Plan.Watch.BlindHold)
            {
                return input.BlindGivenUp ? null : new(WatchEnding.BlindTooLong, assessment.Sentence, input with { BlindReported = true, BlindGivenUp = true });
            }

            return input.BlindReported ? null : new(WatchEnding.WentBlind, assessment.Sentence, input with { BlindReported = true });
        }

        if (input.BlindReported) return new(WatchEnding.SightRegained, "telemetry answers again", input with { BlindReported = false, BlindGivenUp = false });

        foreach (var finding in assessment.Findings)
        {
            var key = $"{finding.Rule}|{finding.Region}|{input.Directive.Stage?.Index ?? -1}";

            // A person who goes on from a hold has seen it; an alert or a question that was settled comes back only when the limit, once kept
            // again, is crossed anew.
            if (finding.Action != TriggerAction.Pause) key = $"{key}|{finding.CrossedAt.UtcTicks}";
            if (input.Alerted.Contains(key, StringComparer.Ordinal)) continue;
            var ending = finding.Action switch
            {
                TriggerAction.Pause => WatchEnding.PauseTriggered,
                TriggerAction.Evaluate => WatchEnding.EvaluationDue,
                _ => WatchEnding.Alerted,
            };
            return new(ending, finding.Sentence, input with { Alerted = [.. input.Alerted.TakeLast(MostAlerted - 1), key] });
        }

        return input.Directive is { Mode: WatchMode.Bake, Stage: not null, BakeEndsAt: { } ends } && input.JudgedUntil >= ends
            ? EndOfBake(input, assessment)
            : null;
    }

    private static WatchDecided? EndOfBake(WatchInput input, Assessment assessment)
    {
        var block = input.Gates.Block(input.Directive.Stage?.Index ?? -1, input.Directive.Gates);
        if (assessment.Verdict == Verdict.Pass && block is null) return new(WatchEnding.BakePassed, assessment.Sentence, input);
        var sentence = block is null ? assessment.Sentence : $"{block}; {assessment.Sentence}";
        if (input.JudgedUntil >= (input.Directive.BakeMaxAt ?? input.Directive.BakeEndsAt))
        {
            var promotes = block is null && assessment.PolicyMayPromote && input.Plan.Evidence.WhenUndecided == UndecidedAction.Promote;
            return new(promotes ? WatchEnding.BakeWaived : WatchEnding.BakeUndecided, sentence, input);
        }

        return input.ExtensionReported
            ? null
            : new(WatchEnding.BakeExtended, $"the bake is extended: {sentence}", input with { ExtensionReported = true });
    }
}

/// <summary>Why the watch ends, in one sentence, and what the next one starts from.</summary>
public sealed record WatchDecided(WatchEnding Ending, string Sentence, WatchInput Carry);
