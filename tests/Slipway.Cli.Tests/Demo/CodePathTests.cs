using Slipway.Cli.Demo.Storefront;

namespace Slipway.Cli.Tests.Demo;

public sealed class CodePathTests
{
    [Theory]
    [InlineData(0.03)]
    [InlineData(0.15)]
    public void Fails_ManyNumbers_NearsTheErrorRate(double rate)
    {
        var path = StorefrontFeature.Bad.New with { ErrorRate = rate };

        var failed = Enumerable.Range(1, 100_000).Count(number => path.Fails(42, number));

        Assert.InRange(failed / 100_000.0, rate * 0.85, rate * 1.15);
    }

    [Fact]
    public void Fails_SameSeedAndNumber_IsTheSame() =>
        Assert.Equal(
            Enumerable.Range(1, 1000).Select(number => StorefrontFeature.Bad.New.Fails(42, number)),
            Enumerable.Range(1, 1000).Select(number => StorefrontFeature.Bad.New.Fails(42, number)));

    [Fact]
    public void BothWays_EveryWord_FindTheSameProducts()
    {
        var catalogue = new Catalogue();

        Assert.All(Catalogue.Words, word =>
        {
            Assert.NotEmpty(catalogue.Scan(word));
            Assert.Equal(catalogue.Scan(word), catalogue.LookUp(word));
        });
    }
}
