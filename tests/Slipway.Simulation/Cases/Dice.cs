using Slipway.Rehearsal.Randomness;

namespace Slipway.Simulation.Cases;

/// <summary>Choices that are the same on every machine for the same key.</summary>
internal sealed class Dice(ulong key)
{
    private RandomStream _random = new(key);

    /// <summary>0 to <paramref name="count"/> - 1, each as likely.</summary>
    public int Below(int count) => (int)(_random.Uniform() * count);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Chance(double chance) => _random.Uniform() < chance;

    public T Pick<T>(params IReadOnlyList<T> of) => of[Below(of.Count)];

    /// <summary>Mostly short, sometimes near <paramref name="most"/>.</summary>
    public TimeSpan Span(TimeSpan most)
    {
        var share = _random.Uniform();
        return TimeSpan.FromSeconds(Math.Floor(most.TotalSeconds * share * share));
    }
}
