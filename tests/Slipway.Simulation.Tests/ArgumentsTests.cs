namespace Slipway.Simulation.Tests;

public sealed class ArgumentsTests
{
    [Fact]
    public void Read_Everything_IsRead()
    {
        Assert.Equal(new Arguments(7, 300, 2.5, 9, false), Arguments.Read(["--seed", "7", "--runs", "300", "--seconds", "2.5", "--findings", "9"]).Arguments);
        Assert.Equal(new Arguments(0, 1000, double.PositiveInfinity, 3, true), Arguments.Read(["--planted"]).Arguments);
        Assert.True(Arguments.Read(["--seed", "new"]).Arguments!.First >= 1_000_000_000);
    }

    [Theory]
    [InlineData("--runs", "0")]
    [InlineData("--runs", "many")]
    [InlineData("--runs")]
    [InlineData("--seed", "-1")]
    [InlineData("--seconds", "0")]
    [InlineData("--speed", "9")]
    public void Read_WhatItDoesNotKnow_SaysWhatIsExpected(params string[] args)
    {
        var (arguments, problem) = Arguments.Read(args);

        Assert.Null(arguments);
        Assert.Contains("expected --runs N", problem, StringComparison.Ordinal);
    }
}
