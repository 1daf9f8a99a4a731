using Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Routing;

public sealed class LoggedFieldsTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("?", null)]
    [InlineData("?other=1", null)]
    [InlineData("?page=2", "page=2")]
    [InlineData("?a=1&page=2&token=x&page=3", "page=2&page=3")]
    [InlineData("?pag%65=%26x%3D\n", "page=%26x%3D%0A")]
    [InlineData("?Page=2", null)]
    [InlineData("?page", "page=")]
    public void Query_OnlyNamedParameters_AreTaken(string sent, string? logged) =>
        Assert.Equal(logged, LoggedFields.Create(["page"], [])!.Query(sent));

    [Fact]
    public void Headers_OnlyNamedOnes_AreTaken()
    {
        var sent = new HeaderDictionary { ["X-Reason"] = "because", ["Authorization"] = "Bearer x" };

        Assert.Equal([new("x-reason", "because")], LoggedFields.Create([], ["x-reason", "x-absent"])!.Headers(sent));
        Assert.Null(LoggedFields.Create([], []));
    }
}
