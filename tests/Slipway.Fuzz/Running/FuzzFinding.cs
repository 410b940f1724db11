namespace Slipway.Fuzz.Running;

/// <summary>An input that breaks its reader.</summary>
/// <param name="Kind">What is wrong: <c>crash</c>, <c>slow</c> or <c>memory</c>.</param>
/// <param name="What">In what way: the same words for the same fault.</param>
/// <param name="Input">The input, made as small as could be.</param>
internal sealed record FuzzFinding(string Kind, string What, byte[] Input);

/// <summary>What became of one target.</summary>
/// <param name="Target">Its name.</param>
/// <param name="Inputs">How many inputs it read.</param>
/// <param name="Outcomes">How many different outcomes they had.</param>
/// <param name="SlowestMs">The longest time that one input took.</param>
/// <param name="SlowestInput">The input that took it.</param>
/// <param name="MostBytes">The most memory that was allocated for one input.</param>
/// <param name="LongestInput">The longest input, in bytes.</param>
/// <param name="Findings">What broke it, one for each kind of fault.</param>
/// <param name="Pool">The inputs that led to an outcome first.</param>
internal sealed record FuzzResult(
    string Target, long Inputs, int Outcomes, double SlowestMs, byte[] SlowestInput, long MostBytes, int LongestInput, IReadOnlyList<FuzzFinding> Findings, IReadOnlyList<byte[]> Pool);
