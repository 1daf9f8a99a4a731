using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Identity.Kinds;

namespace Gateway.Core.Tests.Identity.Kinds;

public sealed class ClaimPathTests
{
    private const string Claims = """
        {
          "sub": "s",
          "a.b": "dots",
          "https://example.com/role": "slashes",
          "kubernetes.io": { "namespace": "ns", "empty": null, "list": ["x"] },
          "a/b": { "c~d": "escaped", "~1": "tilde" }
        }
        """;

    [Theory]
    [InlineData("sub", "s")]
    [InlineData("/sub", "s")]
    [InlineData("a.b", "dots")]
    [InlineData("https://example.com/role", "slashes")]
    [InlineData("/kubernetes.io/namespace", "ns")]
    [InlineData("/a~1b/c~0d", "escaped")]
    [InlineData("/a~1b/~01", "tilde")]
    [InlineData("/kubernetes.io/nothing", null)]
    [InlineData("/kubernetes.io/empty", null)]
    [InlineData("/kubernetes.io/namespace/more", null)]
    [InlineData("/kubernetes.io/list/0", null)]
    [InlineData("kubernetes.io/namespace", null)]
    [InlineData("SUB", null)]
    public void TryFind_Path_MeansOneClaim(string text, string? expected)
    {
        var found = ClaimPath.Of(text).TryFind(JsonElement.Parse(Claims), out var value);

        Assert.Equal(expected, found ? value.GetString() : null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a/")]
    [InlineData("/a//b")]
    [InlineData("/a~")]
    [InlineData("/a~2b")]
    public void TryParse_NeitherNameNorPointer_IsRefused(string text) => Assert.False(ClaimPath.TryParse(text, out _));

    [Fact]
    public void Equals_TwoSpellingsOfOneClaim_AreEqual()
    {
        Assert.Equal(ClaimPath.Of("sub"), ClaimPath.Of("/sub"));
        Assert.NotEqual(ClaimPath.Of("a/b"), ClaimPath.Of("/a/b"));
        Assert.Equal(ClaimPath.Of("a/b"), ClaimPath.Of("/a~1b"));
        Assert.Equal("sub", ClaimPath.Of("/sub").TopLevelName);
        Assert.Null(ClaimPath.Of("/a/b").TopLevelName);
    }

    [Fact]
    public void TryFind_AnyNamesWrittenAsPointer_FindTheirClaim()
    {
        var name = Gen.NonEmptyListOf(Gen.Elements("ab./~01:{} \"".ToCharArray())).Select(c => string.Concat(c));
        var path = from depth in Gen.Choose(1, 8) from names in Gen.ListOf(name, depth) select names;
        Prop.ForAll(Arb.From(path), names =>
        {
            JsonNode claims = JsonValue.Create("found");
            foreach (var each in Enumerable.Reverse(names))
            {
                claims = new JsonObject { [each] = claims, [$"{each}x"] = "other" };
            }

            var pointer = string.Concat(names.Select(n => "/" + n.Replace("~", "~0").Replace("/", "~1")));
            return ClaimPath.Of(pointer).TryFind(JsonElement.Parse(claims.ToJsonString()), out var value) && value.GetString() == "found";
        }).QuickCheckThrowOnFailure();
    }
}
