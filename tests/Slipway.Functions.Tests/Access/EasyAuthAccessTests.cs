using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Policy;
using Slipway.Functions.Access;
using Slipway.Web.Access;

namespace Slipway.Functions.Tests.Access;

/// <summary>Whom the platform's sign-in makes of a request.</summary>
public sealed class EasyAuthAccessTests
{
    private static readonly ServerPolicy Policy = new() { Operators = ["dana@example.com", "11111111-1111-1111-1111-111111111111"] };

    private readonly BrowserSessions _sessions = new(new WebKeys(new byte[32]), TimeProvider.System);

    [Fact]
    public void A_person_of_the_tenant_may_look_and_decide_and_an_operator_may_operate()
    {
        Assert.Equal((ApiRoles.Viewer | ApiRoles.Approver, "lee@example.com"), Read("/api/releases", Claims(("preferred_username", "lee@example.com"))));
        Assert.Equal((ApiRoles.Viewer | ApiRoles.Approver | ApiRoles.Operator, "Dana@Example.com"), Read("/api/releases", Claims(("preferred_username", "Dana@Example.com"))));
    }

    [Fact]
    public void An_application_is_known_by_its_id_and_not_by_a_name_that_it_gives_itself()
    {
        var pipeline = Claims(("idtyp", "app"), ("preferred_username", "dana@example.com"), ("azp", "11111111-1111-1111-1111-111111111111"));
        Assert.Equal("11111111-1111-1111-1111-111111111111", Read("/api/releases", pipeline)!.Value.Name);
    }

    [Fact]
    public void A_person_without_a_name_is_not_the_application_that_they_came_by() =>
        Assert.Null(Read("/api/releases", Claims(("scp", "user_impersonation"), ("azp", "11111111-1111-1111-1111-111111111111"))));

    [Theory]
    [InlineData("/approvals/abc")]
    [InlineData("//approvals/abc")]
    [InlineData("/Approvals/abc")]
    [InlineData("/approvals")]
    [InlineData("/assets/slipway.css")]
    [InlineData("/health")]
    public void On_paths_that_the_platform_leaves_open_its_header_says_nothing(string path) =>
        Assert.Null(Read(path, Claims(("preferred_username", "dana@example.com"))));

    [Theory]
    [InlineData("X-Original-URL", "/approvals/%2e%2e/api/releases", false)]
    [InlineData("X-WAWS-Unencoded-URL", "/Approvals/../api/releases?all=1", false)]
    [InlineData("X-Original-URL", "https://slipway.example.com/assets/..%2fapi/releases", false)]
    [InlineData("X-Original-URL", "/%61pprovals/%2e%2e/api/releases", false)]
    [InlineData("X-Original-URL", "/%2561pprovals/%252e%252e/api/releases", false)]
    [InlineData("X-Original-URL", "//approvals/%2e%2e/api/releases", false)]
    [InlineData("X-Original-URL", "/./approvals/../api/releases", false)]
    [InlineData("X-Original-URL", "/x/..%2fapprovals/../api/releases", false)]
    [InlineData("X-Original-URL", "/api%2freleases", false)]
    [InlineData("X-Original-URL", "/api%252freleases", false)]
    [InlineData("X-Original-URL", "/api/x%5c..%5creleases", false)]
    [InlineData("X-Original-URL", "/approvals\\..\\api/releases", false)]
    [InlineData("X-Original-URL", "/%2525252525252525252561pi/releases", false)]
    [InlineData("X-Original-URL", "/flags/%2525252525252525252561", false)]
    [InlineData("X-Original-URL", "/flags%2fteam", false)]
    [InlineData("X-Original-URL", "/flags/..%2fapprovals%2fx", false)]
    [InlineData("X-Original-URL", "/flags/%252e%252e%252fapprovals%252fx", false)]
    [InlineData("X-Original-URL", "/flags/team%2f%2e%2e%2f..%2fapprovals", false)]
    [InlineData("X-Original-URL", "/flags%2f..%2fapprovals", false)]
    [InlineData("X-Original-URL", "%2f%2fapprovals%2f..%2fflags", false)]
    [InlineData("X-Original-URL", "/%u0061pprovals/%u002e%u002e/api/releases", false)]
    [InlineData("X-Original-URL", "/flags/%c0%ae%c0%ae%c0%afapprovals/x", false)]
    [InlineData("X-Original-URL", "/flags/team%2Fsearch-v2", true)]
    [InlineData("X-WAWS-Unencoded-URL", "/flags/team%252Fsearch-v2?label=a%2fb", true)]
    [InlineData("X-Original-URL", "/flags/team%2Fapprovals", true)]
    [InlineData("X-Original-URL", "/flags/100%25", true)]
    [InlineData("X-Original-URL", "/flags/suche-f%C3%BCr-alle", true)]
    [InlineData("X-Original-URL", "https://slipway.example.com:443/approvals/%2e%2e/api/releases", false)]
    [InlineData("X-Original-URL", "HTTPS://slipway.example.com//assets/x", false)]
    [InlineData("X-Original-URL", "/api/releases?from=/approvals/x", true)]
    [InlineData("X-Original-URL", "/api/releases?next=..%2f..%5c/./approvals/", true)]
    [InlineData("X-Original-URL", "/api/releases/search%202.4.0", true)]
    [InlineData("X-Original-URL", "/api/releases/approvals", true)]
    [InlineData("X-Original-URL", "https://slipway.example.com/api/releases", true)]
    public void An_address_that_only_looks_like_an_open_path_signs_nobody_in(string header, string address, bool known)
    {
        var context = Request("/api/releases", Claims(("preferred_username", "dana@example.com")));
        context.Request.Headers[header] = address;
        Assert.Equal(known, Access(true).Authenticate(context) is not null);
    }

    [Fact]
    public void On_an_approval_link_a_session_of_Slipways_own_counts()
    {
        var signedIn = new DefaultHttpContext();
        _sessions.Begin(signedIn, new Caller("dana@example.com", ApiRoles.Approver));
        var context = Request("/approvals/abc", null);
        context.Request.Headers.Cookie = signedIn.Response.Headers.SetCookie.ToString().Split(';')[0];

        var caller = Access(true).Authenticate(context);
        Assert.Equal(("dana@example.com", ApiRoles.Approver), (caller!.Name, caller.Roles));
    }

    [Fact]
    public void Without_the_platforms_sign_in_everybody_is_nobody() =>
        Assert.Null(Access(false).Authenticate(Request("/api/releases", Claims(("preferred_username", "dana@example.com")))));

    [Theory]
    [InlineData("")]
    [InlineData("no base64")]
    [InlineData("bm8ganNvbg==")]
    [InlineData("bnVsbA==")]
    [InlineData("e30=")]
    [InlineData("eyJjbGFpbXMiOm51bGx9")]
    [InlineData("eyJjbGFpbXMiOlt7InR5cCI6ImVtYWlsIiwidmFsIjoiIn1dfQ==")]
    public void A_header_that_names_nobody_is_nobody(string header) => Assert.Null(Read("/api/releases", header));

    [Fact]
    public void A_name_with_control_characters_is_none() => Assert.Null(Read("/api/releases", Claims(("upn", "dana@example.com\nX-Forged: 1"))));

    [Theory]
    [InlineData("email")]
    [InlineData("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress")]
    public void A_mail_address_that_anybody_may_give_themselves_is_no_name(string type)
    {
        Assert.Null(Read("/api/releases", Claims((type, "dana@example.com"))));
        Assert.Equal("lee@example.com", Read("/api/releases", Claims((type, "dana@example.com"), ("upn", "lee@example.com")))!.Value.Name);
    }

    [Fact]
    public void A_browsers_cookie_counts_as_a_session_and_a_token_does_not()
    {
        var access = Access(true);
        var header = Claims(("preferred_username", "dana@example.com"));
        var browser = access.Authenticate(Request("/api/releases", header))!;
        Assert.NotNull(browser.Session);
        Assert.Equal(browser.Session, access.Authenticate(Request("/releases/a", Claims(("preferred_username", "DANA@example.com"))))!.Session);
        Assert.NotEqual(browser.Session, access.Authenticate(Request("/api/releases", Claims(("preferred_username", "lee@example.com"))))!.Session);

        var tool = Request("/api/releases", header);
        tool.Request.Headers.Authorization = "Bearer of-the-platform";
        Assert.Null(access.Authenticate(tool)!.Session);
    }

    private EasyAuthAccess Access(bool enabled) => new(Policy, _sessions, enabled);

    private (ApiRoles Roles, string Name)? Read(string path, string? header) =>
        Access(true).Authenticate(Request(path, header)) is { } caller ? (caller.Roles, caller.Name) : null;

    private static DefaultHttpContext Request(string path, string? header)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = path;
        if (header is not null) context.Request.Headers["X-MS-CLIENT-PRINCIPAL"] = header;
        context.Request.Headers["X-MS-CLIENT-PRINCIPAL-NAME"] = "somebody@else.example";
        return context;
    }

    private static string Claims(params (string Type, string Value)[] claims) => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        new { auth_typ = "aad", claims = claims.Select(claim => new { typ = claim.Type, val = claim.Value }) })));
}
