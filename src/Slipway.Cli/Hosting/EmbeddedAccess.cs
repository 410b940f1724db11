using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Policy;
using Slipway.Web.Access;
using Slipway.Web.Pages.Handlers;

namespace Slipway.Cli.Hosting;

/// <summary>Who may do what on one machine: the data folder's two tokens and the policy's keys, as headers and as browser sessions.</summary>
/// <param name="Control">Says who is calling.</param>
/// <param name="Pages">What pages need.</param>
internal sealed record EmbeddedAccess(IAccessControl Control, PageServices Pages)
{
    /// <summary>
    /// The access of a server. Sessions are signed by a secret of the folder's token and the policy's keys together: they outlive a restart,
    /// and end when a key is taken away or given other roles.
    /// </summary>
    public static EmbeddedAccess Of(ServerTokens tokens, ServerPolicy policy, TimeProvider time)
    {
        var control = new TokenAccessControl(
            [
                new ApiToken("operator", ApiRoles.Viewer | ApiRoles.Operator, tokens.Operator),
                new ApiToken("telemetry", ApiRoles.Telemetry, tokens.Telemetry),
            ],
            [.. policy.Keys.Select(key => new HashedKey(key.Name, Roles(key), Convert.FromHexString(key.Sha256)))]);
        var keys = new WebKeys(Secret(tokens, policy));
        var pages = PageServices.Over(keys, control, time);
        return new EmbeddedAccess(new SessionAccessControl(control, pages.Sessions), pages);
    }

    private static byte[] Secret(ServerTokens tokens, ServerPolicy policy)
    {
        var text = new StringBuilder(tokens.Operator);
        foreach (var key in policy.Keys) text.Append('\n').Append(key.Name).Append('\t').AppendJoin(',', key.Roles).Append('\t').Append(key.Sha256);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static ApiRoles Roles(PolicyKey key) => key.Roles.Aggregate(ApiRoles.None, (roles, role) => roles | role switch
    {
        PolicyRole.Viewer => ApiRoles.Viewer,
        PolicyRole.Operator => ApiRoles.Operator,
        PolicyRole.Approver => ApiRoles.Approver,
        _ => ApiRoles.Telemetry,
    });
}
