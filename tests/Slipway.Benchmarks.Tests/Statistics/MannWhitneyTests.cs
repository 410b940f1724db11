using Slipway.Benchmarks.Statistics;

namespace Slipway.Benchmarks.Tests.Statistics;

/// <summary>Numbers from R 4.2.2, <c>options(digits=15)</c>; the command is at each.</summary>
public class MannWhitneyTests
{
    private static readonly double[] Low = [0.5, 1.6, 2.7, 3.8, 4.9];
    private static readonly double[] High = [1.1, 2.2, 3.3, 4.4, 5.5];

    /// <summary><c>wilcox.test(c(1.1,2.2,3.3,4.4,5.5), c(0.5,1.6,2.7,3.8,4.9), alternative="greater")$p.value</c></summary>
    [Fact]
    public void Greater_FewValuesWithoutTies_IsExact() => Assert.Equal(0.345238095238095, MannWhitney.Greater(High, Low), 1e-14);

    /// <summary><c>wilcox.test(6:10, 1:5, alternative="greater")$p.value</c></summary>
    [Fact]
    public void Greater_FullySeparated_IsOneOfAllOrders() =>
        Assert.Equal(0.00396825396825397, MannWhitney.Greater([6, 7, 8, 9, 10], [1, 2, 3, 4, 5]), 1e-15);

    /// <summary><c>wilcox.test(c(0,0,.5,1,1,2,3), c(0,0,0,0,.5,.5,1,1), alternative="greater", exact=FALSE)$p.value</c>, and the other way</summary>
    [Fact]
    public void Greater_WithTies_CorrectsVarianceAndContinuity()
    {
        double[] x = [0, 0, 0.5, 1, 1, 2, 3], y = [0, 0, 0, 0, 0.5, 0.5, 1, 1];

        Assert.Equal(0.101674920538513, MannWhitney.Greater(x, y), 1e-13);
        Assert.Equal(0.918222549411326, MannWhitney.Greater(y, x), 1e-13);
    }

    /// <summary><c>wilcox.test(1:m * a, 1:n * b + c, alternative="greater")$p.value</c>: exact below 50 values, approximate above.</summary>
    [Theory]
    [InlineData(30, 1.7, 40, 1.13, 0.001, 0.173854122178537)]
    [InlineData(60, 1.7, 70, 1.13, 0.001, 0.0111260823095601)]
    [InlineData(49, 1.01, 49, 0.83, 0.0001, 0.0608734194633353)]
    public void Greater_ManyValues_EqualsR(int m, double a, int n, double b, double c, double expected)
    {
        double[] x = [.. Enumerable.Range(1, m).Select(i => i * a)], y = [.. Enumerable.Range(1, n).Select(i => (i * b) + c)];

        Assert.Equal(expected, MannWhitney.Greater(x, y), 1e-12);
    }

    [Fact]
    public void Greater_NothingToCompare_IsOne()
    {
        Assert.Equal(1, MannWhitney.Greater([], [1, 2]));
        Assert.Equal(1, MannWhitney.Greater([1, 2], []));
        Assert.Equal(1, MannWhitney.Greater([3, 3, 3], [3, 3]));
    }

    /// <summary><c>wilcox.test(c(1.1,2.2,3.3,4.4,5.5), c(0.5,1.6,2.7,3.8,4.9), conf.int=TRUE)$estimate</c></summary>
    [Fact]
    public void Shift_IsTheMedianOfAllDifferences() => Assert.Equal(0.6, MannWhitney.Shift(High, Low), 1e-12);
}
