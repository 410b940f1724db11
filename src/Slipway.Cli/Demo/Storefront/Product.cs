namespace Slipway.Cli.Demo.Storefront;

/// <summary>Something that the storefront sells.</summary>
/// <param name="Id">Its number, 1 first.</param>
/// <param name="Name">What a shopper searches in.</param>
/// <param name="Price">In euros.</param>
internal sealed record Product(int Id, string Name, decimal Price);
