using System.Buffers.Text;
using System.Reflection;
using System.Security.Cryptography;

namespace Slipway.Web.Pages;

/// <summary>The files that pages load, embedded in the assembly. A path carries the hash of its content, so that browsers keep it for a year.</summary>
public static class PageAssets
{
    /// <summary>The one stylesheet.</summary>
    public static PageAsset Style { get; } = Load("slipway.css", "text/css; charset=utf-8");

    /// <summary>The one script; pages work without it.</summary>
    public static PageAsset Script { get; } = Load("slipway.js", "text/javascript; charset=utf-8");

    /// <summary>The icon.</summary>
    public static PageAsset Icon { get; } = Load("slipway.svg", "image/svg+xml");

    /// <summary>The asset of a path below <c>/assets/</c>; null: there is none.</summary>
    public static PageAsset? Find(string name) => new[] { Style, Script, Icon }.FirstOrDefault(asset => asset.Name == name);

    private static PageAsset Load(string file, string mediaType)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Slipway.Web.Assets.{file}")
            ?? throw new InvalidOperationException($"The asset {file} is not embedded.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var hash = Base64Url.EncodeToString(SHA256.HashData(bytes).AsSpan(0, 9));
        return new PageAsset($"{Path.GetFileNameWithoutExtension(file)}.{hash}{Path.GetExtension(file)}", mediaType, bytes);
    }
}

/// <summary>One file.</summary>
/// <param name="Name">Its name with the hash.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Content">Its bytes.</param>
public sealed record PageAsset(string Name, string MediaType, ReadOnlyMemory<byte> Content)
{
    /// <summary>Where it is served.</summary>
    public string Path => $"/assets/{Name}";
}
