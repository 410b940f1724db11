using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Activities;

/// <summary>Reads the state that compensation comes back to.</summary>
public sealed class CaptureState(IFlagStore flags, IConfigurationStore configuration) : IActivity<CaptureInput, CaptureOutput>
{
    /// <inheritdoc/>
    public async Task<CaptureOutput> RunAsync(CaptureInput input, CancellationToken cancellation)
    {
        var captured = new List<FlagState>();
        var keys = new List<ConfigurationValue>();
        try
        {
            foreach (var key in input.Flags)
            {
                if (await flags.ReadAsync(key, cancellation) is not { } state) return new CaptureOutput([], [], $"flag {key} does not exist");
                if (state.Enabled && state.Exposure > Percentage.Zero) return new CaptureOutput([], [], $"flag {key} is already at {state.Exposure}, expected off");
                captured.Add(state);
            }

            foreach (var key in input.Keys) keys.Add(await configuration.ReadAsync(key, cancellation));
            return new CaptureOutput(captured, keys, "");
        }
        catch (PortUnavailableException error)
        {
            return new CaptureOutput([], [], error.Message);
        }
    }
}

/// <summary>Level 2: brings a configuration key back to its captured value. Idempotent.</summary>
public sealed class RestoreKey(IConfigurationStore configuration) : IActivity<RestoreKeyInput, EffectOutput>
{
    /// <inheritdoc/>
    public async Task<EffectOutput> RunAsync(RestoreKeyInput input, CancellationToken cancellation)
    {
        var key = input.Captured.Key;
        try
        {
            var current = await configuration.ReadAsync(key, cancellation);
            var asCaptured = current.Value == input.Captured.Value;
            if (asCaptured && current.ETag is null) return new EffectOutput(EffectOutcome.AlreadyDone, $"{key} does not exist, as captured");

            // What reads as captured may be of the past, as of a replica that is behind: only that its ETag still wins shows that it is the present, so
            // that it is written once more as it is.
            var written = await configuration.WriteAsync(key, input.Captured.Value, current.ETag, cancellation);
            if (!written) return new EffectOutput(EffectOutcome.Conflict, $"{key} was changed by someone else while it was being restored");
            if (asCaptured) return new EffectOutput(EffectOutcome.AlreadyDone, $"{key} is as captured");
            var readBack = await configuration.ReadAsync(key, cancellation);
            return readBack.Value == input.Captured.Value
                ? new EffectOutput(EffectOutcome.Done, $"{key} read back as captured")
                : new EffectOutput(EffectOutcome.Failed, $"{key} was written but does not read back as captured");
        }
        catch (PortUnavailableException error)
        {
            return new EffectOutput(EffectOutcome.Failed, error.Message);
        }
    }
}
