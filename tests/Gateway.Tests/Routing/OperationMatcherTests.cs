using Gateway.Routing;

namespace Gateway.Tests.Routing;

public sealed class OperationMatcherTests
{
    private static readonly OperationMatcher Matcher = new(
    [
        Operation.Parse("repos.get", "GET /repos/{owner}/{repo}"),
        Operation.Parse("repos.search", "GET /repos/search/{query}"),
        Operation.Parse("issues.create", "POST /repos/{owner}/{repo}/issues"),
        Operation.Parse("issues.delete", "DELETE /repos/{owner}/{repo}/issues/{id}"),
        Operation.Parse("model.generate", "POST /models/{model}:generate"),
        Operation.Parse("model.any", "POST /models/{model}"),
        Operation.Parse("files.get", "GET /files/{**path}"),
        Operation.Parse("items.list", "GET /items/"),
        Operation.Parse("items.get", "GET /items/{id}.json"),
        Operation.Parse("zones.get", "GET /zones/{zone}"),
        Operation.Parse("version", "GET /version/v1."),
        Operation.Parse("root", "GET /"),
    ]);

    [Theory]
    [InlineData("GET", "/repos/acme/billing", "repos.get", "owner=acme,repo=billing")]
    [InlineData("GET", "/repos/search/billing", "repos.search", "query=billing")]
    [InlineData("POST", "/repos/acme/billing/issues", "issues.create", "owner=acme,repo=billing")]
    [InlineData("DELETE", "/repos/a/b/issues/7", "issues.delete", "owner=a,repo=b,id=7")]
    [InlineData("POST", "/models/gpt:generate", "model.generate", "model=gpt")]
    [InlineData("POST", "/models/gpt:count", "model.any", "model=gpt:count")]
    [InlineData("GET", "/files/a/b/c", "files.get", "path=a/b/c")]
    [InlineData("GET", "/files", "files.get", "path=")]
    [InlineData("GET", "/items/", "items.list", "")]
    [InlineData("GET", "/items/7.json", "items.get", "id=7")]
    [InlineData("GET", "/zones/example.org.", "zones.get", "zone=example.org.")]
    [InlineData("GET", "/zones/...", "zones.get", "zone=...")]
    [InlineData("GET", "/zones/ a", "zones.get", "zone= a")]
    [InlineData("GET", "/version/v1.", "version", "")]
    [InlineData("GET", "/", "root", "")]
    public void Match_PathOfAnOperation_FindsTheMostSpecificWithItsParameters(string method, string path, string operation, string parameters)
    {
        var match = Matcher.Match(method, path);

        Assert.Null(match.Ambiguity);
        Assert.Equal(operation, match.Operation?.Name);
        Assert.Equal(parameters, string.Join(',', match.Parameters.Select(p => $"{p.Key}={p.Value}")));
    }

    [Theory]
    [InlineData("PUT", "/repos/acme/billing")]
    [InlineData("get", "/repos/acme/billing")]
    [InlineData("GET", "/repos/acme")]
    [InlineData("GET", "/repos/acme/billing/issues")]
    [InlineData("POST", "/repos/acme/billing/issues/7")]
    [InlineData("GET", "/other")]
    public void Match_OtherPathOrMethod_IsNoOperation(string method, string path)
    {
        var match = Matcher.Match(method, path);

        Assert.Null(match.Operation);
        Assert.Null(match.Ambiguity);
    }

    [Theory]
    [InlineData("POST", "/Repos/acme/billing/issues")]
    [InlineData("POST", "/repos/acme/billing/ISSUES")]
    [InlineData("POST", "/repos/acme/billing/issues/")]
    [InlineData("POST", "/repos/acme/billing/issues;x=1")]
    [InlineData("POST", "/repos;x/acme/billing/issues")]
    [InlineData("GET", "/repos/SEARCH/billing")]
    [InlineData("GET", "/items")]
    [InlineData("POST", "/repos/acme/billing/issues.")]
    [InlineData("POST", "/repos/acme/billing/issues ")]
    [InlineData("POST", "/repos/acme/billing/issues. .;x")]
    [InlineData("POST", "/repos/acme/;x/billing/issues")]
    [InlineData("POST", "/;x/repos/acme/billing/issues")]
    [InlineData("GET", "/repos/search./billing")]
    [InlineData("GET", "/items/7.json.")]
    [InlineData("GET", "/version/v1")]
    [InlineData("GET", "/;x")]
    [InlineData("GET", "/;x/")]
    [InlineData("POST", "/models/gpt:Generate")]
    public void Match_PathThatALenientServerTakesForAnotherOperation_IsAmbiguous(string method, string path)
    {
        var match = Matcher.Match(method, path);

        Assert.NotNull(match.Ambiguity);
        Assert.Null(match.Operation);
    }

    [Theory]
    [InlineData("/repos/secret;a/x", "{owner}")]
    [InlineData("/repos/secret;/x", "{owner}")]
    [InlineData("/repos/;secret/x", "")]
    [InlineData("/repos/secret /x", "{owner}")]
    [InlineData("/repos/acme/x;v=1", "{repo}")]
    [InlineData("/repos/search/a;b", "{query}")]
    [InlineData("/files/a;b/c", "{path}")]
    [InlineData("/files/a/c;", "{path}")]
    [InlineData("/files/a /c", "{path}")]
    [InlineData("/files/;x", "{path}")]
    [InlineData("/items/7;x.json", "")]
    public void Match_ValueThatALenientServerReadsAsAnother_IsAmbiguous(string path, string parameter)
    {
        var match = Matcher.Match("GET", path);

        Assert.Contains(parameter, match.Ambiguity, StringComparison.Ordinal);
        Assert.Null(match.Operation);
        Assert.Empty(match.Parameters);
    }

    [Theory]
    [InlineData("repos/x")]
    [InlineData("GET")]
    [InlineData("GET repos")]
    [InlineData("GET /a//b")]
    [InlineData("GET /a/{x")]
    [InlineData("GET /a/x}")]
    [InlineData("GET /a/{}")]
    [InlineData("GET /a/{1x}")]
    [InlineData("GET /a/{x}{y}")]
    [InlineData("GET /a/{**x}/b")]
    [InlineData("GET /a/p{**x}")]
    [InlineData("get /a")]
    [InlineData("GET /a;b")]
    [InlineData("GET /a/../b")]
    [InlineData("GET /a%20b")]
    [InlineData("GET /a/{x}/{x}")]
    public void Parse_WrongTemplate_SaysWhatIsWrong(string template)
    {
        var exception = Assert.Throws<FormatException>(() => Operation.Parse("x", template));
        Assert.NotEmpty(exception.Message);
    }
}
