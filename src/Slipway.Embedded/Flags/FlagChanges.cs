using System.Collections.Immutable;
using Slipway.Core.Releases;

namespace Slipway.Embedded.Flags;

/// <summary>Tells readers in this process about committed writes.</summary>
internal sealed class FlagChanges
{
    private ImmutableList<Subscription> _subscriptions = [];

    public IDisposable Subscribe(Action<FlagState> changed)
    {
        var subscription = new Subscription(this, changed);
        ImmutableInterlocked.Update(ref _subscriptions, list => list.Add(subscription));
        return subscription;
    }

    public void Publish(FlagState flag)
    {
        foreach (var subscription in _subscriptions)
        {
            try
            {
                subscription.Changed(flag);
            }
            catch (Exception)
            {
                // The write is committed: a reader that cannot take the news must not make it look failed, least of all in a rollback.
            }
        }
    }

    private sealed class Subscription(FlagChanges owner, Action<FlagState> changed) : IDisposable
    {
        public Action<FlagState> Changed => changed;

        public void Dispose() => ImmutableInterlocked.Update(ref owner._subscriptions, list => list.Remove(this));
    }
}
