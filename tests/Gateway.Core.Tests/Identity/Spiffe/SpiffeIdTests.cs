using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Core.Tests.Identity.Spiffe;

/// <summary>SPIFFE-ID, section 2.</summary>
public sealed class SpiffeIdTests
{
    private const string Alphabet = "aZ9.-_/%:@?#[] ~é\0S";

    /// <summary>The grammar once more, in another notation.</summary>
    private static readonly Regex Grammar = new(@"\Aspiffe://[a-z0-9._-]{1,255}(/(?!\.{1,2}(/|\z))[A-Za-z0-9._-]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));

    [Theory]
    [InlineData("spiffe://example.org", "example.org", false)]
    [InlineData("spiffe://example.org/agent/billing", "example.org", true)]
    [InlineData("spiffe://1.2.3.4/a", "1.2.3.4", true)]
    [InlineData("spiffe://under_score-dash/A.b_c-9/...", "under_score-dash", true)]
    [InlineData("spiffe://.../x", "...", true)]
    public void TryParse_ValidId_IsTakenApart(string text, string trustDomain, bool hasPath)
    {
        Assert.True(SpiffeId.TryParse(text, out var id));
        Assert.Equal((text, trustDomain, hasPath), (id.ToString(), id.TrustDomain, id.HasPath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://example.org/a")]
    [InlineData("SPIFFE://example.org/a")]
    [InlineData("spiffe:example.org/a")]
    [InlineData(" spiffe://example.org/a")]
    public void TryParse_OtherScheme_IsRefused(string text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Theory]
    [InlineData("spiffe://example.org/a?b")]
    [InlineData("spiffe://example.org/a#b")]
    [InlineData("spiffe://example.org?b")]
    [InlineData("spiffe://example.org#")]
    public void TryParse_QueryOrFragment_IsRefused(string text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Theory]
    [InlineData("spiffe://")]
    [InlineData("spiffe:///a")]
    public void TryParse_EmptyTrustDomain_IsRefused(string text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Theory]
    [InlineData("spiffe://user@example.org/a")]
    [InlineData("spiffe://@example.org/a")]
    [InlineData("spiffe://example.org:443/a")]
    [InlineData("spiffe://example.org:/a")]
    public void TryParse_UserInfoOrPort_IsRefused(string text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Theory]
    [InlineData("spiffe://Example.org/a")]
    [InlineData("spiffe://exa mple.org/a")]
    [InlineData("spiffe://ex%61mple.org/a")]
    [InlineData("spiffe://[::1]/a")]
    [InlineData("spiffe://exämple.org/a")]
    public void TryParse_TrustDomainBeyondSmallLettersDigitsDotsDashesUnderscores_IsRefused(string text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Theory]
    [InlineData("spiffe://example.org/a%2fb")]
    [InlineData("spiffe://example.org/%61")]
    public void TryParse_PercentEncodedPath_IsRefused(string text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Theory]
    [InlineData("spiffe://example.org//a")]
    [InlineData("spiffe://example.org/a//b")]
    [InlineData("spiffe://example.org/./a")]
    [InlineData("spiffe://example.org/a/..")]
    public void TryParse_EmptyOrRelativeSegment_IsRefused(string text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Theory]
    [InlineData("spiffe://example.org/")]
    [InlineData("spiffe://example.org/a/")]
    public void TryParse_TrailingSlash_IsRefused(string text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Theory]
    [InlineData("spiffe://example.org/a b")]
    [InlineData("spiffe://example.org/a~")]
    [InlineData("spiffe://example.org/ä")]
    [InlineData("spiffe://example.org/a:b")]
    public void TryParse_OtherCharactersInASegment_IsRefused(string text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Fact]
    public void TryParse_Length_IsSupportedUpTo2048AndTrustDomainsUpTo255()
    {
        var domain = new string('a', 255);
        Assert.True(SpiffeId.TryParse($"spiffe://{domain}/x", out _));
        Assert.False(SpiffeId.TryParse($"spiffe://{domain}a/x", out _));

        var prefix = "spiffe://example.org/";
        Assert.True(SpiffeId.TryParse(prefix + new string('x', 2048 - prefix.Length), out _));
        Assert.False(SpiffeId.TryParse(prefix + new string('x', 2049 - prefix.Length), out _));
    }

    [Fact]
    public void TryParse_AnyText_AgreesWithTheGrammar()
    {
        var pieces = Gen.Elements("a", "b9", "example.org", "spiffe://", "/", "//", ".", "..", "%2e", "?", "#", ":", "@", "A", "é", " ", "\n", "\0");
        var texts =
            from tail in Gen.ListOf(pieces)
            from prefixed in Gen.Choose(0, 5)
            from noise in Gen.Elements(Alphabet.ToCharArray())
            from at in Gen.Choose(0, 40)
            let text = (prefixed > 0 ? "spiffe://" : "") + string.Concat(tail)
            select prefixed == 5 ? text.Insert(Math.Min(at, text.Length), noise.ToString()) : text;

        Prop.ForAll(Arb.From(texts), text => SpiffeId.TryParse(text, out var id) == Grammar.IsMatch(text) && (id is null || id.Text == text))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }
}
