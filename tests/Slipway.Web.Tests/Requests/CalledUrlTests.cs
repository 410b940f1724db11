using System.Collections;
using System.Reflection;
using Slipway.Core.Planning;
using Slipway.Core.Policy;
using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Web.Tests.Requests;

/// <summary>Every address in a request is either checked before a release starts, or known to be called by nobody.</summary>
public sealed class CalledUrlTests
{
    /// <summary>Addresses that documents, pages and messages link to, and that the server never asks itself.</summary>
    private static readonly string[] OnlyShown =
    [
        "Telemetry.Dashboards[0].Url",           // the links beside the metrics of a document; preflight.dashboard is the one that is asked
        "Communications.IncidentDocument",       // where people write an incident down
        "Communications.StatusPage",             // what people are reminded to update; communications.status_webhook does it
        "Delivery.DisasterRecovery.Runbook",     // what people read
    ];

    private static readonly Assembly Core = typeof(ReleaseRequest).Assembly;
    private readonly ReleaseRequest _full = ReleaseRequestReader.Read(YamlRequestDocument.Parse(Samples.Full)).Request!;

    [Fact]
    public void Every_address_of_the_full_sample_is_checked_or_only_shown()
    {
        // The same object, and not an equal one: two fields of the sample may well have the same address.
        var called = PolicyCheck.CalledUrls(_full).Select(one => one.Url).ToHashSet<Uri>(ReferenceEqualityComparer.Instance);
        var found = Addresses(_full).ToList();

        Assert.True(found.Count > 20, $"only {found.Count} addresses were found");
        Assert.Equal(OnlyShown.Order(), found.Where(one => !called.Contains(one.Url)).Select(one => one.Path).Order());
    }

    [Fact]
    public void The_full_sample_has_every_address_that_a_request_can_have()
    {
        var inSample = Addresses(_full).Select(one => one.Property).ToHashSet();

        Assert.DoesNotContain(AddressProperties(typeof(ReleaseRequest), []), property => !inSample.Contains(property));
    }

    [Fact]
    public void A_ticket_is_told_only_where_the_policy_allows_it()
    {
        var problems = PolicyCheck.Check(_full, Planner.Draft(_full), ServerPolicy.Default);

        Assert.Contains(problems, problem => (problem.Path, problem.Found) == ("communications.ticket_webhook", "https://hooks.example.com/…"));
    }

    /// <summary>Every address in the object graph, with its path and the property that holds it.</summary>
    private static IEnumerable<(string Path, (Type?, string) Property, Uri Url)> Addresses(object node, string path = "") => Properties(node.GetType())
        .SelectMany(property => Values(property.GetValue(node), path.Length == 0 ? property.Name : $"{path}.{property.Name}")
            .SelectMany(value => value.Value is Uri url ? [(value.Path, Key(property), url)] : Addresses(value.Value, value.Path)));

    private static IEnumerable<(string Path, object Value)> Values(object? value, string path) => value switch
    {
        null or string => [],
        IDictionary map => map.Keys.Cast<object>().SelectMany(key => Values(map[key], $"{path}[{key}]")),
        IEnumerable list and not Uri => list.Cast<object>().SelectMany((item, index) => Values(item, $"{path}[{index}]")),
        _ => [(path, value)],
    };

    /// <summary>Every property of a request's types that holds addresses.</summary>
    private static IEnumerable<(Type?, string)> AddressProperties(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type)) return [];
        var here = Properties(type).SelectMany(property => Parts(property.PropertyType)
            .SelectMany(part => part == typeof(Uri) ? [Key(property)] : part.Assembly == Core ? AddressProperties(part, seen) : []));
        return [.. here, .. Core.GetTypes().Where(one => one.BaseType == type).SelectMany(one => AddressProperties(one, seen))];
    }

    private static IEnumerable<Type> Parts(Type type) => type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts) : type.IsArray ? Parts(type.GetElementType()!) : [type];

    private static (Type?, string) Key(PropertyInfo property) => (property.DeclaringType, property.Name);

    /// <summary>What a part of a request says; only its own types are looked into.</summary>
    private static IEnumerable<PropertyInfo> Properties(Type type) => type.Assembly == Core && !type.IsEnum
        ? type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0)
        : [];
}
