using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Core.Tests.Identity.Jwt;

public sealed class JwtAuthenticatorProperties
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= {}\"\n\0é\ud800";

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task Authenticate_MutatedToken_IsNeverAcceptedAndNeverThrows(string algorithm)
    {
        var issuer = new TestIssuer(algorithm);
        var gateway = new TestGateway(issuer);
        var token = issuer.Token();
        await gateway.AcceptAsync(token);

        var mutations =
            from count in Gen.Choose(1, 4)
            from edits in Gen.ListOf(Edit(token.Length), count)
            select edits.Aggregate(token, Apply);
        Prop.ForAll(Arb.From(mutations), async mutated => mutated == token || !(await gateway.AuthenticateAsync(mutated)).Succeeded)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
    }

    [Fact]
    public void Authenticate_MutatedContentSignedAnew_NeverThrows()
    {
        var issuer = new TestIssuer();
        var gateway = new TestGateway(issuer);
        var header = issuer.Header().ToJsonString();
        var claims = TestIssuer.Claims().ToJsonString();
        var texts =
            from edits in Gen.ListOf(Edit(claims.Length), 3)
            from headerEdits in Gen.ListOf(Edit(header.Length), 1)
            from touchHeader in Gen.Choose(0, 3)
            select (Header: touchHeader == 0 ? headerEdits.Aggregate(header, Apply) : header, Claims: edits.Aggregate(claims, Apply));

        // Many of these are good tokens of another subject; what is claimed here is that each gets an answer.
        Prop.ForAll(Arb.From(texts), async text => await gateway.AuthenticateAsync(issuer.Sign(text.Header, text.Claims)) is var _)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
    }

    /// <summary>Replace, insert, delete, rotate or repeat somewhere.</summary>
    private static Gen<(int Kind, int Position, int Other, char Character)> Edit(int length) =>
        from kind in Gen.Choose(0, 4)
        from position in Gen.Choose(0, length - 1)
        from other in Gen.Choose(0, length - 1)
        from character in Gen.Elements(Alphabet.ToCharArray())
        select (kind, position, other, character);

    private static string Apply(string text, (int Kind, int Position, int Other, char Character) edit)
    {
        if (text.Length == 0)
        {
            return text;
        }

        var position = Math.Min(edit.Position, text.Length - 1);
        var other = Math.Min(edit.Other, text.Length - 1);
        var (low, high) = (Math.Min(position, other), Math.Max(position, other));
        return edit.Kind switch
        {
            0 => text.Remove(position, 1).Insert(position, edit.Character.ToString()),
            1 => text.Insert(position, edit.Character.ToString()),
            2 => text.Remove(position, 1),
            3 => text[high..] + text[..high],
            _ => text[..high] + text[low..high] + text[high..],
        };
    }
}
