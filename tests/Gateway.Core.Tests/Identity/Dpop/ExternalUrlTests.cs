using System.Text;
using Gateway.Core.Identity.Dpop;

namespace Gateway.Core.Tests.Identity.Dpop;

public sealed class ExternalUrlTests
{
    [Theory]
    [InlineData("https://gateway.example", "https://gateway.example/a/b", "/a/b", true)]
    [InlineData("https://gateway.example", "HTTPS://GATEWAY.example/a/b", "/a/b", true)]
    [InlineData("https://gateway.example", "https://gateway.example:443/a/b", "/a/b", true)]
    [InlineData("https://gateway.example", "https://gateway.example:/a/b", "/a/b", true)]
    [InlineData("https://gateway.example:443", "https://gateway.example/a/b", "/a/b", true)]
    [InlineData("https://gateway.example/", "https://gateway.example", "/", true)]
    [InlineData("https://gateway.example", "https://gateway.example/a?b=c", "/a", true)]
    [InlineData("https://gateway.example", "https://gateway.example/a#b", "/a", true)]
    [InlineData("https://gateway.example", "https://gateway.example?b=c", "/", true)]
    [InlineData("https://gateway.example/base/", "https://gateway.example/base/a", "/a", true)]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/a", "/a", true)]
    [InlineData("http://[::1]:8080", "http://[::1]:8080/a", "/a", true)]
    [InlineData("https://bücher.example", "https://xn--bcher-kva.example/a", "/a", true)]

    // RFC 3986, sections 6.2.2.1 to 6.2.2.3.
    [InlineData("https://gateway.example", "https://gateway.example/%7Ea%2fb", "/~a%2Fb", true)]
    [InlineData("https://gateway.example", "https://gateway.example/~a", "/%7ea", true)]
    [InlineData("https://gateway.example", "https://gateway.example/x/./../a/b/..", "/a/", true)]
    [InlineData("https://gateway.example", "https://gateway.example/../../a", "/a", true)]
    [InlineData("https://gateway.example", "https://gateway.example/a/.", "/a/", true)]
    [InlineData("https://gateway.example", "https://gateway.example/%2e%2e/a", "/a", true)]

    [InlineData("https://gateway.example", "https://gateway.example/a%2Fb", "/a/b", false)]
    [InlineData("https://gateway.example", "https://gateway.example//a", "/a", false)]
    [InlineData("https://gateway.example", "https://gateway.example/a%", "/a", false)]
    [InlineData("https://gateway.example", "https://gateway.example/a%zz", "/a%ZZ", false)]
    [InlineData("https://gateway.example", "https://gateway.example/A", "/a", false)]
    [InlineData("https://gateway.example", "http://gateway.example/a", "/a", false)]
    [InlineData("https://gateway.example", "https://gateway.example:80/a", "/a", false)]
    [InlineData("https://gateway.example", "https://gateway.example:4430/a", "/a", false)]
    [InlineData("https://gateway.example", "https://user@gateway.example/a", "/a", false)]
    [InlineData("https://gateway.example", "https://gateway.example@evil.example/a", "/a", false)]
    [InlineData("https://gateway.example", "https://evil.example/gateway.example/a", "/a", false)]
    [InlineData("https://gateway.example", "https://gateway.example.evil.example/a", "/a", false)]
    [InlineData("https://gateway.example", "https://gateway.example\\a", "/a", false)]
    [InlineData("https://gateway.example", "//gateway.example/a", "/a", false)]
    [InlineData("https://gateway.example", "://gateway.example/a", "/a", false)]
    [InlineData("https://gateway.example", "https:gateway.example/a", "/a", false)]
    [InlineData("https://gateway.example", "a", "a", false)]
    [InlineData("https://gateway.example", "", "", false)]
    [InlineData("https://gateway.example/base", "https://gateway.example/a", "/a", false)]
    [InlineData("https://gateway.example/base", "https://gateway.example/basea", "/a", false)]
    [InlineData("http://127.0.0.1:8080", "http://localhost:8080/a", "/a", false)]
    public void Matches_Target_ComparesAfterNormalisation(string url, string target, string path, bool expected) =>
        Assert.Equal(expected, new ExternalUrl(new Uri(url)).Matches(Encoding.UTF8.GetBytes(target), path));
}
