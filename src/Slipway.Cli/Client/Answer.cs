using Slipway.Cli.Terminal;

namespace Slipway.Cli.Client;

/// <summary>What asking the server gave: a value or an error, never both.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public abstract record Answer<T>
{
    private Answer()
    {
    }

    /// <summary>The server did what was asked.</summary>
    /// <param name="Value">What it answered.</param>
    public sealed record Got(T Value) : Answer<T>;

    /// <summary>It did not, or there is no server.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Failed(CliError Error) : Answer<T>;

    /// <summary>The same answer with another value.</summary>
    public Answer<TOther> Select<TOther>(Func<T, TOther> change) => this switch
    {
        Got got => new Answer<TOther>.Got(change(got.Value)),
        Failed failed => new Answer<TOther>.Failed(failed.Error),
        _ => throw new InvalidOperationException("An answer is a value or an error."),
    };
}
