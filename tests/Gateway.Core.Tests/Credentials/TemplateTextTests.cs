using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Credentials;

namespace Gateway.Core.Tests.Credentials;

public sealed class TemplateTextTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(500);

    /// <summary>Texts in which braces are as likely as everything else together.</summary>
    private static readonly Gen<string> Braced =
        Gen.Elements("{", "}", "{{", "}}", "{token}", "{a.b-c_1}", "{}", "{ }", " ", "x", "Bearer ", "\r\n", "é", "\0")
            .ListOf().Select(parts => string.Concat(parts));

    private static readonly Gen<string> Visible =
        Gen.Choose(' ', '~').Select(c => (char)c).ListOf().Select(chars => string.Concat(chars));

    [Fact]
    public void TryParse_AnyText_GivesATemplateOrAnErrorAndNeverThrows() =>
        Check.One(Quick, Prop.ForAll(Gen.OneOf(Braced, ArbMap.Default.GeneratorFor<string>().Select(s => s ?? "")).ToArbitrary(), text =>
            TemplateText.TryParse(text, out var template, out var error) == (error is null) && (template is null) == (error is not null)));

    [Fact]
    public void Render_EscapedText_IsTheText() =>
        Check.One(Quick, Prop.ForAll(Visible.ToArbitrary(), text =>
            TemplateText.TryParse(Escape(text), out var template, out _)
            && template.Fields.Count == 0
            && template.Render(_ => "", out _) == text));

    [Fact]
    public void Render_LiteralsAndFields_JoinsThem() =>
        Check.One(Quick, Prop.ForAll(Visible.ToArbitrary(), Visible.ToArbitrary(), Visible.ToArbitrary(), (before, secret, after) =>
        {
            Assert.True(TemplateText.TryParse($"{Escape(before)}{{token}}{Escape(after)}", out var template, out _));
            var text = template.Render(_ => secret, out var range);
            // A value is never parsed again: braces in a secret are the secret's.
            return text == before + secret + after && text[range] == secret;
        }));

    [Fact]
    public void Render_SeveralFields_SecretReachesFromTheFirstToTheLast()
    {
        Assert.True(TemplateText.TryParse("key={a};secret={b} end", out var template, out _));

        var text = template.Render(field => field.ToUpperInvariant(), out var secret);

        Assert.Equal("key=A;secret=B end", text);
        Assert.Equal("A;secret=B", text[secret]);
        Assert.Equal(["a", "b"], template.Fields);
    }

    [Theory]
    [InlineData("{", 1)]
    [InlineData("a}", 2)]
    [InlineData("a{token", 2)]
    [InlineData("{}", 1)]
    [InlineData("{ token }", 1)]
    [InlineData("{a{b}", 1)]
    [InlineData("{{{", 3)]
    [InlineData("{token}}", 8)]
    [InlineData("x\ny{token}", 2)]
    [InlineData("é{token}", 1)]
    public void TryParse_Mistake_SaysWhereWithoutRepeatingTheText(string text, int position)
    {
        Assert.False(TemplateText.TryParse("canary" + text, out _, out var error));
        Assert.Contains($"position {position + 6}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_TooLong_IsAnError() => Assert.False(TemplateText.TryParse(new string('x', 4097), out _, out _));

    private static string Escape(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
