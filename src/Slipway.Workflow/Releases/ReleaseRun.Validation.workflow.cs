using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Messages;

namespace Slipway.Workflow.Releases;

/// <summary>The checks at 100 %.</summary>
internal sealed partial class ReleaseRun
{
    /// <summary>At 100 %: every smoke check, and the flags read back.</summary>
    private async Task<bool> Validate()
    {
        for (var attempt = 0; ; attempt++)
        {
            var smoke = Task.WhenAll(_request.Preflight.Smoke.Select(Smoke));
            await Pump(() => smoke.IsCompleted, smoke, null);
            if (_stop is not null) return false;
            var flags = await Forward(context.RunActivity(ReleaseActivities.VerifyFlags, new VerifyFlagsInput([.. _left.Values])));
            if (_stop is not null) return false;
            var results = await smoke;
            var failed = results.Where(gate => gate.Status == GateStatus.Fail).Select(gate => $"{gate.Gate}: {gate.Details}").ToList();
            var differences = flags.Value?.Differences ?? [$"the flags could not be read: {flags.Problem}"];

            if (_machine.Phase == ReleasePhase.Paused || _resumedFromDrift)
            {
                // What was seen before a hold says nothing about the moment after it.
                if (!await MayGoOn()) return false;
                attempt = -1;
                continue;
            }

            // One lost packet at 100 % is not worth sending everybody back: three looks, ten seconds apart.
            if (failed.Count + differences.Count > 0 && attempt < 2)
            {
                await Pump(() => false, null, context.Now + TimeSpan.FromSeconds(10));
                if (_stop is not null) return false;
                continue;
            }

            foreach (var gate in results) Record(gate);
            if (failed.Count > 0)
            {
                _stop = new StopCause(ReleaseTrigger.ValidationFailed, "slipway", $"checks at 100 % failed: {string.Join("; ", failed)}");
                return false;
            }

            if (differences.Count > 0)
            {
                Here.Drifted = true;
                HoldFor("drift", AlertSeverity.Critical, string.Join("; ", differences));
                if (!await MayGoOn()) return false;
                attempt = -1;
                continue;
            }

            Fire(ReleaseTrigger.Validated, $"{results.Length} smoke checks passed and {(_plan.Flags.Count > 0 ? "every flag reads back at 100 %" : "the pipeline has confirmed every step")}", context.Now + MessageDelivery.Limit, "outstanding notices need an acknowledgement");
            return true;
        }
    }
}
