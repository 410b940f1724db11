using static Slipway.Core.Planning.Risk.ChangeKind;
using static Slipway.Core.Planning.Risk.ChangeRisk;

namespace Slipway.Core.Planning.Risk;

/// <summary>One row of the table.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="WhenNew">The risk of a new file, when it is active.</param>
/// <param name="WhenChanged">The risk of one that was there: modified or deleted.</param>
/// <param name="Holdable">Whether a flag can hold the change back; what takes effect by being deployed it cannot.</param>
/// <param name="Words">The words that name the kind: as stated area, as folder, and in a file's name.</param>
/// <param name="What">What it is, in words that follow a file's path.</param>
public sealed record ChangeKindRule(ChangeKind Kind, ChangeRisk WhenNew, ChangeRisk WhenChanged, bool Holdable, IReadOnlyList<string> Words, string What);

/// <summary>
/// The one table of what each kind of file risks when it is active. Behind a release flag that is off, everything that a flag can hold
/// back is <see cref="Zero"/>.
/// <list type="table">
/// <listheader><term>Kind</term><description>New; modified or deleted; whether a flag can hold it back</description></listheader>
/// <item><term>test, documentation, feature flag (off)</term><description>zero; zero; no</description></item>
/// <item><term>read-only, presentation</term><description>low; low; yes</description></item>
/// <item><term>types, utility, source of no known kind</term><description>low, as nothing uses it yet; medium, as something does; yes</description></item>
/// <item><term>configuration, dependency, infrastructure</term><description>medium; medium; no</description></item>
/// <item><term>api, middleware</term><description>medium; medium; yes</description></item>
/// <item><term>migration</term><description>medium where it is additive and has a safe way back, else high (see <see cref="MigrationRisk"/>); no</description></item>
/// <item><term>data write, authentication, payment, security, all users</term><description>high; high; yes</description></item>
/// </list>
/// </summary>
public static class ChangeKinds
{
    /// <summary>Every kind once, in the order of <see cref="ChangeKind"/>.</summary>
    public static IReadOnlyList<ChangeKindRule> All { get; } =
    [
        new(Test, Zero, Zero, false, ["test", "tests", "testing"], "is a test"),
        new(Documentation, Zero, Zero, false, ["docs", "doc", "documentation"], "is a document"),
        new(FeatureFlag, Zero, Zero, false, ["flag", "flags", "feature_flag", "feature_flags"], "is a feature flag that is off"),
        new(ReadOnly, Low, Low, true, ["read_only", "readonly", "read", "query", "queries"], "only reads"),
        new(Presentation, Low, Low, true, ["ui", "view", "views", "style", "styles", "presentation"], "changes what is shown"),
        new(Types, Low, Medium, true, ["types", "type", "typings"], "declares types"),
        new(Utility, Low, Medium, true, ["utility", "utilities", "util", "utils"], "is helping code"),
        new(Source, Low, Medium, true, ["source"], "is code"),
        new(Configuration, Medium, Medium, false, ["config", "configuration", "settings"], "is configuration"),
        new(Dependency, Medium, Medium, false, ["dependency", "dependencies"], "changes packages"),
        new(Infrastructure, Medium, Medium, false, ["infrastructure", "infra", "terraform", "helm", "k8s", "pipeline"], "is infrastructure"),
        new(Api, Medium, Medium, true, ["api", "apis", "route", "routes", "router", "routers", "controller", "controllers", "endpoint", "endpoints"], "is an interface that users reach"),
        new(Middleware, Medium, Medium, true, ["middleware", "middlewares"], "is middleware"),
        new(Migration, Medium, Medium, false, ["migration", "migrations"], "migrates a database"),
        new(DataWrite, High, High, true, ["data_write", "data_writes", "data", "database"], "writes data"),
        new(Authentication, High, High, true, ["auth", "authn", "authz", "authentication", "authorization", "login", "session", "sessions", "permissions"], "decides who may do what"),
        new(Payment, High, High, true, ["payment", "payments", "billing", "checkout"], "moves money"),
        new(Security, High, High, true, ["security", "crypto", "encryption", "secrets"], "is security-critical"),
        new(AllUsers, High, High, true, ["all_users", "global"], "affects all users"),
    ];

    /// <summary>The row of a kind.</summary>
    public static ChangeKindRule Of(ChangeKind kind) => All[(int)kind];
}
