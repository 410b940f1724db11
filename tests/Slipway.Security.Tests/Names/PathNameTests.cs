using Slipway.Core.Releases;
using Slipway.Scenarios.World;
using Slipway.Security.Tests.Hostile;

namespace Slipway.Security.Tests.Names;

/// <summary>Names that lead elsewhere.</summary>
public sealed class PathNameTests
{
    public static TheoryData<string> Names =>
    [
        "../x", "..", ".", "a/../../etc/passwd", "a/b", "a\\b", "/etc/passwd", "C:\\x", "a%2fb", "a\0b", "a\nb", "con:", "~", "-", "a.", ".a", "A", "é", "a\u2215b", new string('a', 81), "",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_that_leads_elsewhere_is_no_release(string name) => Assert.False(ReleaseId.TryParse(name, out _));

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_made_of_any_title_is_a_name_that_leads_nowhere(string title)
    {
        var id = ReleaseId.FromText(title).Value;

        Assert.True(ReleaseId.TryParse(id, out _));
        Assert.Equal(Path.GetFullPath(Path.Combine("/releases", id)), Path.Combine("/releases", id));
    }

    [Fact]
    public async Task An_address_with_such_a_name_leads_to_nothing()
    {
        await using var world = new ReleaseWorld();
        var server = new HostileWorld(world, new byte[32]);
        foreach (var name in (string[])["..%2f..%2fetc%2fpasswd", "%2e%2e%2fslipway.db", "..%5c..%5cserver.json", "site.css%00", "..%2fserver.json"])
        {
            foreach (var path in (string[])[$"/assets/{name}", $"/releases/{name}", $"/api/releases/{name}", $"/api/releases/{name}/ledger", $"/api/releases/x/documents/{name}"])
                Assert.Equal(404, (await server.SendAsync("GET", path, browser: false)).Status);
        }
    }
}
