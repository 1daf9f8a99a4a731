using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Routing;

namespace Gateway.Tests.Routing;

public sealed class RequestTargetParserTests
{
    [Theory]
    [InlineData("/a")]
    [InlineData("/")]
    [InlineData("/a/")]
    [InlineData("/a/b%20c/%C3%A9?x=%2F..%2f&y=[1]&z=%zz")]
    [InlineData("/a/~user/;v=1/x:y@z")]
    [InlineData("/a/%7Euser/%41")]
    [InlineData("/a/...")]
    [InlineData("/a/.hidden/..b")]
    [InlineData("/a/100%25")]
    [InlineData("/a/100%25x")]
    [InlineData("/a?//../%2e%2e")]
    [InlineData("/a?")]
    public void TryParse_PlainTarget_PassesByteForByte(string raw)
    {
        Assert.True(RequestTargetParser.TryParse(raw, out var target, out var error), error);
        Assert.Equal(raw, target.Path + target.Query);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("a/b")]
    [InlineData("http://other/a")]
    [InlineData("//other/a")]
    [InlineData("/a//b")]
    [InlineData("/a/../b")]
    [InlineData("/a/./b")]
    [InlineData("/a/..")]
    [InlineData("/a/.")]
    [InlineData("/a/%2e%2e/b")]
    [InlineData("/a/%2E%2e/b")]
    [InlineData("/a/.%2E/b")]
    [InlineData("/a/%2e/b")]
    [InlineData("/a/..;/b")]
    [InlineData("/a/..;x=1/b")]
    [InlineData("/a/%2e%2e;/b")]
    [InlineData("/a/.;/b")]
    [InlineData("/a/..%20/b")]
    [InlineData("/a/.%20;x/b")]
    [InlineData("/a%2fb")]
    [InlineData("/a%2Fb")]
    [InlineData("/a%5cb")]
    [InlineData("/a%5Cb")]
    [InlineData("/a\\b")]
    [InlineData("/a/..\\b")]
    [InlineData("/a/%252e%252e/b")]
    [InlineData("/a%252fb")]
    [InlineData("/a%25252fb")]
    [InlineData("/a%255cb")]
    [InlineData("/a%2500")]
    [InlineData("/a%2520")]
    [InlineData("/%2561dmin")]
    [InlineData("/..%253b/")]
    [InlineData("/a%00b")]
    [InlineData("/a%0d%0aSet-Cookie:x")]
    [InlineData("/a%7f")]
    [InlineData("/a%c2%85")]
    [InlineData("/a%c0%ae%c0%ae/b")]
    [InlineData("/a%ff")]
    [InlineData("/a%ed%a0%80")]
    [InlineData("/a%")]
    [InlineData("/a%4")]
    [InlineData("/a%zz")]
    [InlineData("/a%u002e")]
    [InlineData("/a#b")]
    [InlineData("/a?b#c")]
    [InlineData("/a b")]
    [InlineData("/a?b c")]
    [InlineData("/a\r\nX: y")]
    [InlineData("/a\tb")]
    [InlineData("/a\0b")]
    [InlineData("/é")]
    [InlineData("/a?é")]
    [InlineData("/a<b>")]
    public void TryParse_AmbiguousTarget_IsRefusedInWords(string raw)
    {
        Assert.False(RequestTargetParser.TryParse(raw, out _, out var error));
        Assert.EndsWith(".", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a/%41%c3%a9", "/a/Aé")]
    [InlineData("/plain", "/plain")]
    [InlineData("/100%25", "/100%")]
    public void Decode_PercentEncodings_AreDecodedOnce(string raw, string decoded) =>
        Assert.Equal(decoded, RequestTargetParser.Decode(raw));

    [Fact]
    public void TryParse_AnyText_AcceptedOnlyIfEveryReaderSeesTheSameSegments()
    {
        var fragments = new[] { "/", "..", ".", "%2e", "%2F", "%5c", "\\", ";", "%25", "2e", "2f", "a", "B", "%", "%20", "%00", "?", "#", "é", " ", "%c0%af", "%e2%80%ae" };
        var targets = Gen.Elements(fragments).ArrayOf().Select(f => "/" + string.Concat(f));
        Prop.ForAll(targets.ToArbitrary(), raw =>
        {
            if (!RequestTargetParser.TryParse(raw, out var target, out _))
            {
                return;
            }

            // However often a server decodes, and whichever of its habits it has, the number of segments stays, and none climbs.
            var once = RequestTargetParser.Decode(target.Path);
            var twice = Uri.UnescapeDataString(once);
            var slashes = target.Path.Count(c => c == '/');
            Assert.Equal(slashes, once.Count(c => c is '/' or '\\'));
            Assert.Equal(slashes, twice.Count(c => c is '/' or '\\'));
            foreach (var segment in twice.Split('/'))
            {
                Assert.False(segment.Split(';')[0].TrimEnd(' ') is "." or "..", raw);
            }

            Assert.DoesNotContain("//", target.Path, StringComparison.Ordinal);
            Assert.Equal(raw, target.Path + target.Query);
            Assert.All(Encoding.UTF8.GetBytes(raw), b => Assert.InRange(b, 0x21, 0x7e));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithEndSize(14));
    }
}
