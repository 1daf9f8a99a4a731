using Gateway.Hosting;
using Gateway.Tests.Configuration;

namespace Gateway.Tests.Hosting;

public sealed class PlanLoaderTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_PolicyOnAnotherServer_NeedsNoPolicyFiles()
    {
        Directory.Delete(_folder.Absolute("policies"), recursive: true);
        _folder.LoadWith(("Policy", """{ "Engine": "Opa", "Opa": { "Url": "http://127.0.0.1:8181", "Path": "gateway/allow" } }"""));

        var result = Load();

        Assert.Empty(result.Errors);
        Assert.Equal(0, result.Plan!.Policies.Count);
    }

    [Fact]
    public void Load_PolicyOnAnotherServer_DoesNotReadPolicyFiles()
    {
        _folder.Write("policies/all.cedar", "permit (");
        _folder.LoadWith(("Policy", """{ "Engine": "AuthZen", "AuthZen": { "Url": "https://pdp.example" } }"""));

        Assert.Empty(Load().Errors);
    }

    [Fact]
    public void Load_PolicyDirectoryMissing_IsReadAgainOnlyWhenSomethingChanges()
    {
        // Whoever watches compares with the stamps of all that was looked for, found or not.
        Directory.Delete(_folder.Absolute("policies"), recursive: true);
        _folder.LoadWith();

        var result = Load();

        Assert.Single(result.Errors);
        Assert.Equal(FileStamps.Of(_folder.Absolute("gateway.json")) + FileStamps.OfPolicies(_folder.Absolute("policies")), result.Stamps);
    }

    [Theory]
    [InlineData("github/PROPFIND", null)]
    [InlineData("github/VERSION-CONTROL", null)]
    [InlineData("github/LIST", null)]
    [InlineData("github/GETT", "did you mean `Action::\"github/GET\"`?")]
    [InlineData("github/propfind", "there is no action")]
    [InlineData("github/TRACE", "there is no action")]
    [InlineData("github/PROP FIND", "there is no action")]
    [InlineData("githab/PROPFIND", "there is no action")]
    [InlineData("closed/PROPFIND", "no action of the scope applies")]
    public void Load_PolicyThatNamesAMethod_MayNameAnyThatAToolCouldBeSent(string action, string? problem)
    {
        _folder.LoadWith(("Tools|closed", """{ "Path": "/closed", "Upstream": "https://a.example", "Credential": "key", "OnlyOperations": true, "Operations": { "get": "GET /a" } }"""));
        _folder.Write("policies/all.cedar", $$"""permit (principal, action == Action::"{{action}}", resource);""");

        var errors = Load().Errors;

        if (problem is null)
        {
            Assert.Empty(errors);
        }
        else
        {
            Assert.Contains(problem, Assert.Single(errors).Message, StringComparison.Ordinal);
        }
    }

    private PlanResult Load() => PlanLoader.Load(new ConfigurationOrigin(_folder.Absolute("gateway.json"), []), thorough: false);
}
