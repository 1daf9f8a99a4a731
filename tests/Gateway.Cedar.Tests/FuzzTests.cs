using System.Text;
using Gateway.Cedar.Tests.Oracle;

namespace Gateway.Cedar.Tests;

/// <summary>Text that nobody meant to write: it may be refused, it must not crash, hang or overflow.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Cases = 4_000;

    [Fact]
    public void Parse_MutatedText_IsRefusedOrRead()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        var mutator = new TextMutator(random);
        for (var i = 0; i < Cases; i++)
        {
            var text = random.Next(4) == 0 ? World.Schema : new PolicyGenerator(random).Policies();
            for (var rounds = random.Next(1, 12); rounds > 0; rounds--)
            {
                text = mutator.Mutate(text);
            }

            Read(text);
        }
    }

    [Fact]
    public void Parse_RandomCharacters_AreRefusedOrRead()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        const string Alphabet = "permit(principal,action resource){}[]\"\\:;.@?!-+*/%<>=&|'#0123456789\n\r\t\0\u00e9\ud83d\ude00\ufeff_aZ";
        for (var i = 0; i < Cases; i++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(200); length > 0; length--)
            {
                text.Append(Alphabet[random.Next(Alphabet.Length)]);
            }

            Read(text.ToString());
        }
    }

    private static void Read(string text)
    {
        var policies = PolicySet.Parse(text);
        Assert.Equal(policies.Succeeded, policies.Diagnostics.Count == 0);
        Assert.All(policies.Diagnostics, mistake => Assert.NotEmpty(mistake.ToString()));
        Assert.Equal(policies.Succeeded, PolicyFormatter.Format(text).Succeeded);
        var schema = CedarSchema.Parse(text);
        Assert.All(schema.Diagnostics, mistake => Assert.NotEmpty(mistake.ToString()));
        CedarSchema.ParseJson(text);
        PolicySet.ParseJson(text);
        CedarJson.ParseEntities(text);
        if (EntityUid.TryParse(text, out var uid))
        {
            Assert.True(EntityUid.TryParse(uid.ToString(), out var again));
            Assert.Equal(uid, again);
        }
    }
}
