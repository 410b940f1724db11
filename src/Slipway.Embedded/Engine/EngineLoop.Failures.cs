using System.Text.Json;

namespace Slipway.Embedded.Engine;

/// <summary>
/// What becomes of an instance that cannot be read or stored. It alone is concerned: what may be otherwise a moment later is tried again after a rest, and
/// what the present code cannot make out stands still and says so.
/// </summary>
internal sealed partial class EngineLoop
{
    /// <summary>Finds an instance, and adds to its inputs what waits for it; null when there is nothing to be done for it now.</summary>
    private async Task<LiveInstance?> ReadAsync(string id, List<TurnInput> inputs, bool woken)
    {
        try
        {
            var (instance, fault) = await _instances.FindAsync(id);
            if (instance is null)
            {
                _ends.Forget(id);
                return null;
            }

            if (fault is not null)
            {
                await FaultAsync(instance, fault);
                return null;
            }

            if (woken)
                inputs.AddRange((await _store.InboxAsync(id)).Select(message => new TurnInput(message.Event, message.Run, message.Id)));
            return instance;
        }
        catch (JsonException error)
        {
            await FaultAsync(id, "A message that waits for it", error.Message);
        }
        catch (Exception error)
        {
            Rest(id, "What is stored of it could not be read", error);
        }

        return null;
    }

    /// <summary>The rest of an instance is over: finds again what it waits for.</summary>
    private async Task ReloadAsync(string id, RoundBatch batch)
    {
        try
        {
            if (await _pending.LoadAsync(id) is { Count: > 0 } unreadable)
            {
                await FaultAsync(unreadable);
                return;
            }
        }
        catch (Exception error)
        {
            Rest(id, "What it waits for could not be read", error);
            return;
        }

        foreach (var end in _ends.Of(id))
            batch.Offer(id, end);
        batch.Wake(id);
    }

    private async Task FaultAsync(IReadOnlyDictionary<string, string> unreadable)
    {
        foreach (var (id, problem) in unreadable)
            await FaultAsync(id, "An activity that it asked for", problem);
    }

    /// <summary>What cannot be made out now will not be a moment later: the instance stands still until another version lets it go on.</summary>
    private async Task FaultAsync(string id, string what, string problem)
    {
        try
        {
            if ((await _instances.FindAsync(id)).Instance is { Execution: not null } instance)
                await FaultAsync(instance, $"{what} cannot be read by this version: {problem}");
        }
        catch (Exception again)
        {
            Rest(id, "What is stored of it could not be read", again);
        }
    }

    private async Task FaultAsync(LiveInstance instance, string message)
    {
        Forget(instance.Id);
        try
        {
            foreach (var id in await _store.FaultAsync(instance, message, _due.Now))
                _mailbox.Writer.TryWrite(new WakeMessage(id));
            _ends.Forget(instance.Id);
            Tell(instance.Id, message, error: null);
        }
        catch (Exception error)
        {
            Rest(instance.Id, "That it stands still could not be stored", error);
        }
    }

    // A disk that cannot be read for a moment when a server starts is no reason to run nothing until somebody starts it again.
    private void RestBeforeLoad(Exception error)
    {
        _due.Add(new DueItem(DueKind.Load, "", 0, 0), _due.Now + _options.PauseAfterFailedCommit.Ticks);
        Tell("engine", $"What an earlier engine left could not be read; it is read again in {_options.PauseAfterFailedCommit}: {error.Message}", error);
    }

    // What is in memory may be ahead of what is stored: it is thrown away, but for how activities have ended, and the instance is rebuilt after a rest.
    private void Rest(string id, string what, Exception? error)
    {
        Forget(id);
        _due.Add(new DueItem(DueKind.Reload, id, 0, 0), _due.Now + _options.PauseAfterFailedCommit.Ticks);
        Tell(id, $"{what}; it goes on in {_options.PauseAfterFailedCommit}: {error?.Message}", error);
    }
}
