namespace Slipway.Fuzz.Running;

/// <summary>Something that reads what strangers send.</summary>
internal interface IFuzzTarget
{
    /// <summary>Its name on the command line and its folder in the corpus.</summary>
    string Name { get; }

    /// <summary>Pieces that mean something to the reader; mutations put them in.</summary>
    IReadOnlyList<string> Words { get; }

    /// <summary>
    /// Reads one input and checks what must hold of the result. Returns what came of it, in few words that differ where the reader took another
    /// way; throws on everything that the reader does not promise to throw, and <see cref="BrokenPromiseException"/> where a property does not hold.
    /// </summary>
    string Read(byte[] input);
}

/// <summary>A property that must hold of every input does not hold of this one.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
