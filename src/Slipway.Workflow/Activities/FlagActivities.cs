using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Activities;

/// <summary>Writes a flag's exposure while the flag is as expected, and reads it back. Running it twice writes once.</summary>
/// <param name="flags">The flags.</param>
/// <param name="time">By which a write is too late.</param>
public sealed class ExposeFlag(IFlagStore flags, TimeProvider time) : IActivity<ExposeInput, FlagOutput>
{
    /// <inheritdoc/>
    public async Task<FlagOutput> RunAsync(ExposeInput input, CancellationToken cancellation)
    {
        try
        {
            var spec = input.Flag with { AudienceAtZero = true };
            if (time.GetUtcNow() > input.NotAfter) return await LateAsync(input, spec, cancellation);
            var write = await flags.SetExposureAsync(spec, input.Exposure, input.Expected.ETag, cancellation);
            if (!write.Written && write.Current is { } current)
            {
                if (Landed(input, spec, current) is { } landed) return landed;

                // The same content under another version: saved by somebody without a change, or brought back by a rollback while this write
                // was under way. Only the caller knows which, so it decides whether to try again on top of it.
                if (current.Json == input.Expected.Json)
                {
                    return new FlagOutput(EffectOutcome.Conflict, current, $"{current.Key} was saved by someone else without a change");
                }
            }

            if (!write.Written)
            {
                return new FlagOutput(
                    EffectOutcome.Conflict,
                    write.Current,
                    write.Current is null
                        ? $"{input.Flag.Key} no longer exists"
                        : $"{input.Flag.Key} was changed by someone else: expected {input.Expected.Exposure}, found {write.Current.Exposure}",
                    Drifted: true);
            }

            // The same exposure is not enough: at 0 % that is also what was there before, which a replica that is behind still answers.
            var readBack = await flags.ReadAsync(input.Flag.Key, cancellation);
            return readBack is not null && readBack.Exposure == input.Exposure && (readBack.ETag == write.Current?.ETag || readBack.Json == write.Current?.Json)
                ? new FlagOutput(EffectOutcome.Done, readBack, $"{readBack.Key} read back at {readBack.Exposure}")
                : new FlagOutput(EffectOutcome.Failed, readBack, $"{input.Flag.Key} was written but reads back {Described(readBack, input.Exposure)}, expected {input.Exposure}");
        }
        catch (PortUnavailableException error)
        {
            return new FlagOutput(EffectOutcome.Failed, null, error.Message);
        }
    }

    /// <summary>An attempt before may have written it. If none has, nobody knows any more whether it may still be written.</summary>
    private async Task<FlagOutput> LateAsync(ExposeInput input, FlagSpec spec, CancellationToken cancellation) =>
        (await flags.ReadAsync(spec.Key, cancellation) is { } current ? Landed(input, spec, current) : null)
        ?? new FlagOutput(EffectOutcome.Failed, null, string.Create(
            CultureInfo.InvariantCulture, $"{spec.Key} was to be written by {input.NotAfter!.Value.UtcDateTime:HH:mm:ss}Z and was not: what allowed it is looked at again"));

    /// <summary>Our own earlier attempt may have landed although its answer was lost; not where the refused write says what was there before it.</summary>
    private static FlagOutput? Landed(ExposeInput input, FlagSpec spec, FlagState current) =>
        current.ETag != input.Expected.ETag && current.Enabled == FlagJson.IsOn(spec, input.Exposure) && current.Exposure == input.Exposure
            ? new FlagOutput(EffectOutcome.AlreadyDone, current, $"{current.Key} is at {current.Exposure} already")
            : null;

    private static string Described(FlagState? read, Percentage target) => read is null ? "nothing" : read.Exposure == target ? $"{read.Exposure} with other rules" : read.Exposure.ToString();
}

/// <summary>
/// Level 1: brings a flag back to its captured state when it is still as Slipway left it, turns it off when somebody else changed it, and
/// reads it back. Idempotent; a late forward write loses on its ETag afterwards, also where nothing but the ETag had to change.
/// </summary>
public sealed class RestoreFlag(IFlagStore flags) : IActivity<RestoreFlagInput, FlagOutput>
{
    /// <summary>Each lost race re-reads and decides again; more than a few in one call means that somebody fights, which the caller retries.</summary>
    private const int Races = 4;

    /// <inheritdoc/>
    public async Task<FlagOutput> RunAsync(RestoreFlagInput input, CancellationToken cancellation)
    {
        try
        {
            // A forward write without an answer may still be under way: until a write of our own has moved the ETag, it could land. And where Slipway has
            // written, a read that shows the flag as captured may be of the past, as of a replica that is behind: it counts when a write of the same wins.
            var fenced = input.Pending is null && input.Wrote is null && input.Left.ETag == input.Captured.ETag;
            FlagState? newest = null;
            for (var race = 0; race < Races; race++)
            {
                var current = newest ?? await flags.ReadAsync(input.Flag.Key, cancellation);
                newest = null;
                if (current is null)
                {
                    return new FlagOutput(EffectOutcome.AlreadyDone, null, $"{input.Flag.Key} no longer exists, which is off", Drifted: true);
                }

                var asCaptured = current.Json == input.Captured.Json;
                if (asCaptured && fenced)
                {
                    return new FlagOutput(race == 0 ? EffectOutcome.AlreadyDone : EffectOutcome.Done, current, $"{current.Key} is as captured: {current.Exposure}");
                }

                var ours = asCaptured || IsAs(current, input.Left) || (input.Wrote is { } wrote && IsAs(current, wrote)) || (input.Pending is { } pending && current.Exposure == pending);

                // So may be what nobody seems to have on, an earlier stage of Slipway's own for example: written once more as it is, its ETag tells.
                var off = !ours && !current.Enabled;
                if (off && !FlagJson.IsUnderstood(current)) return TurnedOff(current);
                var write = ours || off
                    ? await flags.RestoreAsync(input.Flag.Key, off ? current.Json : input.Captured.Json, current.ETag, cancellation)
                    : await flags.SetExposureAsync(input.Flag, Percentage.Zero, current.ETag, cancellation);
                if (!write.Written)
                {
                    newest = write.Current;
                    continue;
                }

                if (off) return TurnedOff(write.Current ?? current);
                fenced = true;
                var readBack = await flags.ReadAsync(input.Flag.Key, cancellation);
                if (readBack is not null && ours && readBack.Json == input.Captured.Json)
                {
                    // What was written is known by its own ETag, also where the read back is late.
                    return new FlagOutput(EffectOutcome.Done, write.Current ?? readBack, $"{readBack.Key} read back as captured: {readBack.Exposure}");
                }

                if (readBack is null || (!ours && !readBack.Enabled))
                {
                    return new FlagOutput(EffectOutcome.Done, readBack, $"{input.Flag.Key} was changed by someone else and was turned off", Drifted: true);
                }
            }

            return new FlagOutput(EffectOutcome.Conflict, null, $"{input.Flag.Key} was changed by someone else {Races} times while it was being restored");
        }
        catch (PortUnavailableException error)
        {
            return new FlagOutput(EffectOutcome.Failed, null, error.Message);
        }
    }

    private static bool IsAs(FlagState current, FlagState known) => current.ETag == known.ETag || current.Json == known.Json;

    private static FlagOutput TurnedOff(FlagState flag) => new(EffectOutcome.AlreadyDone, flag, $"{flag.Key} was changed by someone else and is off", Drifted: true);
}

/// <summary>Reads flags and names what differs from what Slipway left.</summary>
public sealed class VerifyFlags(IFlagStore flags) : IActivity<VerifyFlagsInput, VerifyFlagsOutput>
{
    /// <inheritdoc/>
    public async Task<VerifyFlagsOutput> RunAsync(VerifyFlagsInput input, CancellationToken cancellation)
    {
        var found = new List<FlagState>();
        var differences = new List<string>();
        foreach (var expected in input.Expected)
        {
            try
            {
                var current = await flags.ReadAsync(expected.Key, cancellation);
                if (current is not null) found.Add(current);
                if (FlagDrift.Describe(expected, current) is { } difference) differences.Add(difference);
            }
            catch (PortUnavailableException error)
            {
                differences.Add($"{expected.Key} could not be read: {error.Message}");
            }
        }

        return new VerifyFlagsOutput(found, differences);
    }
}

/// <summary>When a flag is no longer as Slipway left it.</summary>
public static class FlagDrift
{
    /// <summary>A line that says what differs; null when the flag behaves as expected. Another ETag with the same content is no drift.</summary>
    public static string? Describe(FlagState expected, FlagState? current)
    {
        if (current is null) return $"{expected.Key} no longer exists, Slipway left it at {expected.Exposure}";
        if (current.ETag == expected.ETag || current.Json == expected.Json) return null;
        return current.Exposure != expected.Exposure || current.Enabled != expected.Enabled
            ? $"{expected.Key} is at {current.Exposure}, Slipway left it at {expected.Exposure}"
            : $"{expected.Key} has other rules than Slipway left, at the same {expected.Exposure}";
    }
}
