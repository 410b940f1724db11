using System.Text;
using Slipway.Fuzz.Running;
using Slipway.Fuzz.Targets;

namespace Slipway.Fuzz.Tests;

/// <summary>The fuzzer finds what is wrong, and nothing is wrong with what Slipway reads.</summary>
public sealed class FuzzerTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "corpus");

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_short_run_over_every_reader_finds_nothing_and_learns(string name)
    {
        var target = FuzzTargets.All.Single(target => target.Name == name);
        var seeds = Corpus.Of(Folder, name);

        var result = new Fuzzer(target, seeds, 20_26).Run(seeds.Count + 2_000);

        // How long an input takes is for the long run to say: this machine may do something else meanwhile.
        Assert.DoesNotContain(result.Findings, finding => finding.Kind != "slow");
        Assert.Equal(seeds.Count + 2_000, result.Inputs);
        Assert.True(result.Outcomes > 3, $"{result.Outcomes} outcomes: the inputs do not get anywhere");
    }

    [Fact]
    public void A_planted_crash_behind_three_steps_is_found_and_made_small()
    {
        var result = new Fuzzer(new Maze(), [[.. "----"u8]], 1).Run(200_000);

        var finding = Assert.Single(result.Findings);
        Assert.Equal(("crash", "InvalidDataException in Maze.Read", "bug"), (finding.Kind, finding.What, Encoding.ASCII.GetString(finding.Input)));
    }

    [Fact]
    public void A_planted_waste_of_memory_is_found() =>
        Assert.Equal("memory", Assert.Single(new Fuzzer(new Waster(), ["x"u8.ToArray()], 1).Run(100).Findings).Kind);

    [Fact]
    public void The_same_seed_reads_the_same_inputs_and_another_one_others()
    {
        var (first, again, other) = (new Listener(), new Listener(), new Listener());
        new Fuzzer(first, ["seed"u8.ToArray()], 7).Run(500);
        new Fuzzer(again, ["seed"u8.ToArray()], 7).Run(500);
        new Fuzzer(other, ["seed"u8.ToArray()], 8).Run(500);

        Assert.Equal(first.Heard, again.Heard);
        Assert.NotEqual(first.Heard, other.Heard);
    }

    [Fact]
    public void A_finding_is_shrunk_to_what_it_needs() =>
        Assert.Equal("!?"u8.ToArray(), Shrinker.Shrink("so much! around the two that matter?"u8.ToArray(), input => input.Contains((byte)'!') && input.Contains((byte)'?')));

    /// <summary>Breaks at <c>bug</c>, and says how far an input came.</summary>
    private sealed class Maze : IFuzzTarget
    {
        public string Name => "maze";

        public IReadOnlyList<string> Words => [];

        public string Read(byte[] input)
        {
            var steps = "bug"u8.ToArray().TakeWhile((letter, index) => input.Length > index && input[index] == letter).Count();
            return steps < 3 ? $"{steps}" : throw new InvalidDataException("planted");
        }
    }

    private sealed class Waster : IFuzzTarget
    {
        public string Name => "waster";

        public IReadOnlyList<string> Words => [];

        public string Read(byte[] input) => input.Length > 3 ? $"{new byte[64 * 1024 * 1024].Length}" : "short";
    }

    private sealed class Listener : IFuzzTarget
    {
        public List<string> Heard { get; } = [];

        public string Name => "listener";

        public IReadOnlyList<string> Words => ["word"];

        public string Read(byte[] input)
        {
            Heard.Add(Convert.ToHexString(input));
            return $"{input.Length}";
        }
    }
}
