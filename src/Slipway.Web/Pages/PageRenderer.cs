using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Slipway.Web.Pages;

/// <summary>
/// Renders a Razor component to HTML without any host: no endpoint, no circuit, no service but a logger. So pages and mails are the same under
/// Kestrel and in the Functions host.
/// </summary>
public static class PageRenderer
{
    private static readonly ServiceProvider Services = new ServiceCollection().BuildServiceProvider();

    /// <summary>The HTML of a component with its parameters.</summary>
    public static async Task<string> RenderAsync<TComponent>(IReadOnlyDictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var renderer = new HtmlRenderer(Services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters.ToDictionary()));
            return root.ToHtmlString();
        });
    }

    /// <summary>A whole page from its model, which is its only parameter.</summary>
    public static async Task<string> PageAsync<TComponent, TModel>(TModel model)
        where TComponent : IComponent, IPage<TModel>
        => "<!doctype html>\n" + await RenderAsync<TComponent>(new Dictionary<string, object?> { [nameof(IPage<>.Model)] = model });
}

/// <summary>A component that is a whole page of one model.</summary>
/// <typeparam name="TModel">Everything that the page shows.</typeparam>
public interface IPage<TModel>
{
    /// <summary>Everything that the page shows.</summary>
    TModel Model { get; set; }
}
