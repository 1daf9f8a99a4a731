using Gateway.Core.Policy;

namespace Gateway.Core.Tests.Policy;

/// <summary>What the policies of these tests may speak of.</summary>
internal static class Vocabularies
{
    private static readonly Dictionary<string, string> None = [];

    public static ToolVocabulary GitHub { get; } = new(
        "github",
        "api.github.com",
        ["scm"],
        new Dictionary<string, string> { ["sensitivity"] = "internal", ["owner-team"] = "dev" },
        [new("issues.create", "POST", ["owner", "repo"]), new("repos.get", "GET", ["owner", "repo"]), new("user.get", "GET", [])]);

    public static ToolVocabulary Crm { get; } = new(
        "crm", "crm.example", ["data"], new Dictionary<string, string> { ["owner-team"] = "sales" }, [new("customers.get", "GET", ["id"])])
    { OnlyOperations = true };

    public static PolicyVocabulary Usual { get; } = new()
    {
        Tools = [GitHub, Crm],
        Agents = new Dictionary<string, AgentRegistration>
        {
            ["corp:billing"] = new(["finance"], new Dictionary<string, string> { ["environment"] = "prod", ["cost center"] = "7" }),
            ["corp:audit"] = new(["finance", "readers"], new Dictionary<string, string> { ["environment"] = "prod" }),
            ["corp:bare"] = new(["readers"], None),
        },
        Claims = ["groups", "level", "teams", "admin", "org", "department", "kubernetes.io", "https://idp.example/tier"],
        ClaimTypes = new Dictionary<string, string> { ["org"] = "{ id: String, unit?: Long }" },
    };
}
