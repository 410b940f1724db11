using System.Collections.Frozen;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>
/// The storefront's goods and the two ways of searching them: the old one reads every name, the new one asks an index of words. Both give
/// the same answer, so that a release of the new one is a real change of code with nothing to see for a shopper.
/// </summary>
internal sealed class Catalogue
{
    /// <summary>Most products that one search returns.</summary>
    public const int PageSize = 20;

    private static readonly string[] Adjectives =
        ["red", "blue", "green", "black", "white", "small", "large", "light", "warm", "quiet", "folding", "classic"];

    private static readonly string[] Materials = ["steel", "cotton", "oak", "wool", "glass", "leather", "linen", "cork", "copper", "paper"];

    private static readonly string[] Goods =
        ["kettle", "lamp", "chair", "jacket", "notebook", "backpack", "mug", "clock", "blanket", "bottle", "desk", "tent"];

    private readonly Product[] _products;
    private readonly FrozenDictionary<string, Product[]> _byWord;

    /// <summary>Makes every combination of an adjective, a material and a kind of goods: 1,440 products.</summary>
    public Catalogue()
    {
        var names =
            from adjective in Adjectives
            from material in Materials
            from goods in Goods
            select $"{adjective} {material} {goods}";
        _products = [.. names.Select((name, index) => new Product(index + 1, name, 5 + (index * 7 % 400) / 4m))];
        _byWord = _products
            .SelectMany(product => product.Name.Split(' ').Select(word => (Word: word, Product: product)))
            .GroupBy(entry => entry.Word, entry => entry.Product, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Words that a shopper may search for; each finds something.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Adjectives, .. Materials, .. Goods];

    /// <summary>The old path: reads every name.</summary>
    public IReadOnlyList<Product> Scan(string word) =>
        [.. _products.Where(product => product.Name.Split(' ').Contains(word, StringComparer.Ordinal)).Take(PageSize)];

    /// <summary>The new path: asks the index.</summary>
    public IReadOnlyList<Product> LookUp(string word) => _byWord.TryGetValue(word, out var found) ? [.. found.Take(PageSize)] : [];
}
