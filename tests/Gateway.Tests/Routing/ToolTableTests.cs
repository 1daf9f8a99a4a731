using Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Routing;

public sealed class ToolTableTests
{
    private static readonly ToolTable Table = new([Tool("a", "/api"), Tool("b", "/api/admin"), Tool("c", "/other")]);

    [Theory]
    [InlineData("/api", "a")]
    [InlineData("/api/", "a")]
    [InlineData("/api/x/y", "a")]
    [InlineData("/api/admin", "b")]
    [InlineData("/api/admin/x", "b")]
    [InlineData("/api/administrator", "a")]
    [InlineData("/api/x/admin", "a")]
    [InlineData("/other/api/admin", "c")]
    public void TryFind_PathUnderAPrefix_FindsTheLongest(string path, string tool)
    {
        Assert.True(Table.TryFind(path, out var found));
        Assert.Equal(tool, found.Name);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/ap")]
    [InlineData("/apix")]
    [InlineData("/API/x")]
    [InlineData("/%61pi/x")]
    [InlineData("/x/api")]
    public void TryFind_AnotherPath_FindsNone(string path) => Assert.False(Table.TryFind(path, out _));

    private static Tool Tool(string name, string path) => new()
    {
        Name = name,
        Path = path,
        Credential = "c",
        Operations = new OperationMatcher([]),
        Proxy = new Endpoint(null, null, name),
    };
}
