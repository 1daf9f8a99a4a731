using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Core.Tests.Identity.Dpop;

public sealed class DpopVerifierProperties
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= {}\"\\\n\0é\ud800";

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task Verify_MutatedProof_IsNeverAcceptedAndNeverThrows(string algorithm)
    {
        var scene = new DpopScene(algorithm);
        await scene.AcceptAsync(scene.Proof());
        var proof = scene.Proof();
        var mutations =
            from edits in Gen.ListOf(Edit(proof.Length), 2)
            select edits.Aggregate(proof, Apply);
        Prop.ForAll(Arb.From(mutations), async mutated => mutated == proof || (await scene.VerifyAsync(mutated)).ProvenKey is null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1500));

        // It was refused for what was changed, and not because it had been used.
        await scene.AcceptAsync(proof);
    }

    [Fact]
    public void Verify_MutatedContentSignedAnew_NeverThrowsAndIsAcceptedOnceAtMost()
    {
        var scene = new DpopScene();
        var header = scene.Header().ToJsonString();
        var claims = scene.Claims().ToJsonString();
        var texts =
            from edits in Gen.ListOf(Edit(claims.Length), 2)
            from headerEdits in Gen.ListOf(Edit(header.Length), 1)
            from touchHeader in Gen.Choose(0, 3)
            select (Header: touchHeader == 0 ? headerEdits.Aggregate(header, Apply) : header, Claims: edits.Aggregate(claims, Apply));
        Prop.ForAll(Arb.From(texts), async text =>
        {
            var proof = scene.Client.Sign(text.Header, text.Claims);
            var first = await scene.VerifyAsync(proof);
            return first.ProvenKey is null || (await scene.VerifyAsync(proof)).ProvenKey is null;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    private static Gen<(int Kind, int Position, char Character)> Edit(int length) =>
        from kind in Gen.Choose(0, 2)
        from position in Gen.Choose(0, length - 1)
        from character in Gen.Elements(Alphabet.ToCharArray())
        select (kind, position, character);

    private static string Apply(string text, (int Kind, int Position, char Character) edit)
    {
        var position = Math.Min(edit.Position, text.Length - 1);
        return edit.Kind switch
        {
            0 => text.Remove(position, 1).Insert(position, edit.Character.ToString()),
            1 => text.Insert(position, edit.Character.ToString()),
            _ => text.Remove(position, 1),
        };
    }
}
