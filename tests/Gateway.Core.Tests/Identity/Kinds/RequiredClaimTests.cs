using System.Text.Json;
using Gateway.Core.Identity.Kinds;

namespace Gateway.Core.Tests.Identity.Kinds;

public sealed class RequiredClaimTests
{
    [Theory]
    [InlineData("""{"a":"x"}""", true)]
    [InlineData("""{"a":"y"}""", true)]
    [InlineData("""{"a":"X"}""", false)]
    [InlineData("""{"a":["z","x"]}""", true)]
    [InlineData("""{"a":["z"]}""", false)]
    [InlineData("""{"a":[["x"]]}""", false)]
    [InlineData("""{"a":[]}""", false)]
    [InlineData("""{"a":{"x":"x"}}""", false)]
    [InlineData("""{"a":null}""", false)]
    [InlineData("""{"b":"x"}""", false)]
    public void IsMetBy_Values_OneMustBeThere(string claims, bool expected) =>
        Assert.Equal(expected, new RequiredClaim(ClaimPath.Of("a"), ["x", "y"]).IsMetBy(JsonElement.Parse(claims)));

    [Theory]
    [InlineData("""{"a":true}""", "true", true)]
    [InlineData("""{"a":"true"}""", "true", true)]
    [InlineData("""{"a":false}""", "true", false)]
    [InlineData("""{"a":12}""", "12", true)]
    [InlineData("""{"a":12.0}""", "12", false)]
    [InlineData("""{"a":null}""", "null", false)]
    public void IsMetBy_OtherThanText_ComparesAsJsonWritesIt(string claims, string value, bool expected) =>
        Assert.Equal(expected, new RequiredClaim(ClaimPath.Of("a"), [value]).IsMetBy(JsonElement.Parse(claims)));

    [Theory]
    [InlineData("""{"a":"anything"}""", true)]
    [InlineData("""{"a":{}}""", true)]
    [InlineData("""{"a":null}""", false)]
    [InlineData("{}", false)]
    public void IsMetBy_NoValues_OnlyPresenceCounts(string claims, bool expected) =>
        Assert.Equal(expected, new RequiredClaim(ClaimPath.Of("a"), []).IsMetBy(JsonElement.Parse(claims)));
}
