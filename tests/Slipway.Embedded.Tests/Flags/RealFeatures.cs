using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using Slipway.Core.Releases;
using Slipway.Workflow.Flags;

namespace Slipway.Embedded.Tests.Flags;

/// <summary>The feature library that applications use, over the document that Slipway hands out.</summary>
internal sealed class RealFeatures : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly IFeatureManager _features;

    public RealFeatures(params IEnumerable<FlagState> flags)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(FlagJson.Document(flags))))
            .Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging();
        services.AddFeatureManagement();
        _services = services.BuildServiceProvider();
        _features = _services.GetRequiredService<IFeatureManager>();
    }

    public static RealFeatures Of(string name, string json) => new(FlagJson.Parse(name, json, "1"));

    public Task<bool> SeesAsync(string flag, string user, params string[] groups) =>
        _features.IsEnabledAsync(flag, new TargetingContext { UserId = user, Groups = groups });

    public async Task<HashSet<string>> WhoSeesAsync(string flag, IEnumerable<string> users)
    {
        var seeing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var user in users)
        {
            if (await SeesAsync(flag, user)) seeing.Add(user);
        }

        return seeing;
    }

    public void Dispose() => _services.Dispose();
}
