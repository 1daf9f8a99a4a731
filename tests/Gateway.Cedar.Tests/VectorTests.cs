using System.Text.Json;

namespace Gateway.Cedar.Tests;

/// <summary>Our own language-neutral cases, in <c>tests/vectors/cedar</c>; the answers are those of the reference engine 4.10.0.</summary>
public sealed class VectorTests(ITestOutputHelper output)
{
    private static readonly CedarRequest Request = new(new("U", "a"), new("Action", "a"), new("R", "a"), CedarRecord.Empty);

    [Fact]
    public void Parse_Policies_AcceptsWhatTheReferenceAccepts() =>
        Check("policies.json", item => (
            item.GetProperty("accepted").GetBoolean().ToString(),
            PolicySet.Parse(item.GetProperty("policy").GetString()!).Succeeded.ToString()));

    [Fact]
    public void Parse_Schemas_AcceptsWhatTheReferenceAccepts() =>
        Check("schemas.json", item => (
            item.GetProperty("accepted").GetBoolean().ToString(),
            CedarSchema.Parse(item.GetProperty("schema").GetString()!).Succeeded.ToString()));

    [Fact]
    public void ParseJson_Schemas_AcceptsWhatTheReferenceAccepts() =>
        Check("schemas-json.json", item => (
            item.GetProperty("accepted").GetBoolean().ToString(),
            CedarSchema.ParseJson(item.GetProperty("schema").GetRawText()).Succeeded.ToString()));

    [Fact]
    public void Authorize_Expressions_EvaluatesLikeTheReference() =>
        Check("expressions.json", item =>
        {
            var set = PolicySet.Parse($"permit(principal, action, resource) when {{ {item.GetProperty("expression").GetString()} }};").GetValueOrThrow();
            var result = set.Authorize(Request, EntityStore.Empty);
            return (item.GetProperty("outcome").GetString()!, result.Errors.Count > 0 ? "error" : result.IsAllowed ? "true" : "false");
        });

    private void Check(string file, Func<JsonElement, (string Expected, string Actual)> check)
    {
        using var vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), file)));
        var disagreements = new List<string>();
        foreach (var item in vectors.RootElement.EnumerateArray())
        {
            var (expected, actual) = check(item);
            if (expected != actual)
            {
                disagreements.Add($"expected {expected}, got {actual}: {item}");
            }
        }

        output.WriteLine($"{file}: {vectors.RootElement.GetArrayLength()} cases");
        Assert.True(disagreements.Count == 0, string.Join("\n", disagreements));
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                return Path.Combine(folder.FullName, "tests", "vectors", "cedar");
            }
        }

        throw new DirectoryNotFoundException("No folder above the tests holds Gateway.sln.");
    }
}
