using System.Buffers.Text;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace Slipway.Web.Pages;

/// <summary>
/// The files of pages, embedded in the assembly. The style stands in each page, so that a first paint takes one request; the others are loaded, and their
/// paths carry the hash of their content, so that browsers keep them for a year.
/// </summary>
public static class PageAssets
{
    /// <summary>The one stylesheet.</summary>
    public static string Style { get; } = Encoding.UTF8.GetString(Read("slipway.css"));

    /// <summary>The stylesheet as it stands in the head of a page.</summary>
    public static MarkupString StyleElement { get; } = new($"<style>{Style}</style>");

    /// <summary>What a content security policy names to allow <see cref="StyleElement"/> and no other style.</summary>
    public static string StyleSource { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'";

    /// <summary>The one script; pages work without it.</summary>
    public static PageAsset Script { get; } = Load("slipway.js", "text/javascript; charset=utf-8");

    /// <summary>The icon.</summary>
    public static PageAsset Icon { get; } = Load("slipway.svg", "image/svg+xml");

    /// <summary>The asset of a path below <c>/assets/</c>; null: there is none.</summary>
    public static PageAsset? Find(string name) => new[] { Script, Icon }.FirstOrDefault(asset => asset.Name == name);

    private static PageAsset Load(string file, string mediaType)
    {
        var bytes = Read(file);
        var hash = Base64Url.EncodeToString(SHA256.HashData(bytes).AsSpan(0, 9));
        return new PageAsset($"{Path.GetFileNameWithoutExtension(file)}.{hash}{Path.GetExtension(file)}", mediaType, bytes);
    }

    private static byte[] Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Slipway.Web.Assets.{file}")
            ?? throw new InvalidOperationException($"The asset {file} is not embedded.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
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
