using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Web.Access;
using Slipway.Web.Tests.Requests;

namespace Slipway.Web.Tests.Fakes;

/// <summary>A release that waits for its approvers, and what a browser with a link does.</summary>
internal sealed class AskedWorld
{
    public const string Ada = "ada@example.com";
    public const string Lee = "lee@example.com";
    private const string FormType = "application/x-www-form-urlencoded";
    private static readonly (string, string) Html = ("Accept", "text/html,application/xhtml+xml");

    private AskedWorld(ReleaseId release, ApprovalGate gate, ApiWorld api) => (Release, Gate, Api) = (release, gate, api);

    public ApiWorld Api { get; }

    public ReleaseId Release { get; }

    public ApprovalGate Gate { get; }

    /// <summary>Starts a release of a risk and asks for the approval of its start.</summary>
    public static async Task<AskedWorld> CreateAsync(string risk = "medium", string rules = "{}", string evidence = "5 of 5 gates passed\nerror rate 0.4 % over 18,240 requests", ApprovalKeys? keys = null)
    {
        var api = new ApiWorld(keys: keys, policy: new ServerPolicy
        {
            ApproverGroups = new Dictionary<string, IReadOnlyList<string>> { ["release-managers"] = [Ada, Lee] },
            Keys = [new PolicyKey(Ada, [PolicyRole.Approver], ""), new PolicyKey(Lee, [PolicyRole.Approver], "")],
        });
        var yaml = Samples.Patient.Replace("declared_risk: low", $"declared_risk: {risk}", StringComparison.Ordinal) + $"\napprovals: {{ release-managers: {rules} }}\n";
        var release = await api.StartSampleAsync(yaml);
        var gate = ((ReleaseCreated)(await api.Ledger.ReadAsync(release, 0, CancellationToken.None))[0].Read()).Approvals[0];
        var world = new AskedWorld(release, gate, api);
        await api.AppendAsync(
            release,
            new PhaseEntered(ReleasePhase.Approving, ReleaseTrigger.ApprovalNeeded, -1, "the start has to be approved by release-managers", null, ""),
            new ApprovalRequested(gate, evidence, "e1", ApiWorld.Start, ApiWorld.Start + gate.Timeout));
        return world;
    }

    /// <summary>A link's token.</summary>
    public string Token(string approver = Ada, string evidence = "e1", DateTimeOffset? expires = null, string? gate = null, ApprovalKeys? keys = null) => ApprovalToken.Sign(
        new ApprovalClaim(Release, gate ?? Gate.Id, approver, evidence, expires ?? ApiWorld.Start + Gate.Timeout, "n"), keys ?? ApiWorld.Keys);

    /// <summary>Opens an address in a browser.</summary>
    public Task<ApiAnswer> OpenAsync(string path, string? cookie = null, string method = "GET") => Api.SendAsync(
        method, path, token: null, headers: cookie is null ? [Html] : [Html, ("Cookie", cookie)]);

    /// <summary>Sends the form of an open page.</summary>
    public Task<ApiAnswer> SendAsync(
        string token, string decision, string confirm = "prod", string comment = "", string? cookie = null, string? formToken = null, string site = "same-origin") =>
        Api.SendAsync(
            "POST", $"/approvals/{token}",
            $"decision={decision}&confirm={Uri.EscapeDataString(confirm)}&comment={Uri.EscapeDataString(comment)}&{FormTokens.Field}={Uri.EscapeDataString(formToken ?? Form(token, cookie))}",
            FormType, token: null,
            headers: cookie is null ? [Html, ("Sec-Fetch-Site", site)] : [Html, ("Sec-Fetch-Site", site), ("Cookie", cookie)]);

    /// <summary>The cookie of a browser in which somebody signed in.</summary>
    public async Task<string> SignInAsync(string key)
    {
        var answer = await Api.SendAsync(
            "POST", "/sign-in", $"key={key}&return=%2F&{FormTokens.Field}={Uri.EscapeDataString(Api.Pages.Forms.Make("sign-in", "anonymous"))}", FormType, token: null, headers: Html);
        Assert.Equal(303, answer.Status);
        return answer.Headers.SetCookie.ToString().Split(';')[0];
    }

    /// <summary>The decisions in the ledger.</summary>
    public async Task<IReadOnlyList<ApprovalDecision>> DecisionsAsync() =>
        [.. (await Api.Ledger.ReadAsync(Release, 0, CancellationToken.None)).Select(entry => entry.Read()).OfType<ApprovalDecided>().Select(body => body.Decision)];

    /// <summary>What the workflow would append.</summary>
    public Task AppendAsync(params LedgerBody[] bodies) => Api.AppendAsync(Release, bodies);

    private string Form(string token, string? cookie)
    {
        var session = cookie is null ? null : cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..];
        var nonce = session is null ? null : System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(Uri.UnescapeDataString(session).Split('.')[0])).Split('\n')[3];
        return Api.Pages.Forms.Make("approval", nonce is null ? token : $"{token}:{nonce}");
    }
}
