using System.Text;
using System.Text.Json;
using Gateway.Core.Audit;

namespace Gateway.Core.Tests.Audit;

public sealed class OcsfJsonTests(ITestOutputHelper output)
{
    [Fact]
    public void Text_EveryCodeUnit_IsWrittenAsUtf8JsonWriterDoes()
    {
        for (var code = 0; code <= 0xffff; code++)
        {
            AssertSame($"a{(char)code}b");
        }
    }

    [Fact]
    public void Text_RandomCodeUnitsAroundTheChunkSize_AreWrittenAsUtf8JsonWriterDoes()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"Seed: {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            // Many surrogates, paired or not, so that one stands at every place where the encoder's buffer ends.
            var characters = new char[random.Next(0, 700)];
            for (var index = 0; index < characters.Length; index++)
            {
                characters[index] = (char)(random.Next(3) == 0 ? random.Next(0x20, 0x7f) : random.Next(2) == 0 ? random.Next(0xd800, 0xe000) : random.Next(0x10000));
            }

            AssertSame(new string(characters));
        }
    }

    private static void AssertSame(string value)
    {
        var buffer = new LineBuffer(8);
        var json = new OcsfJson(buffer);
        json.Begin();
        json.Text("n"u8, value, int.MaxValue);
        json.EndObject();
        var expected = JsonSerializer.Serialize(new Dictionary<string, string> { ["n"] = value });
        Assert.Equal(expected, Encoding.ASCII.GetString(buffer.Written));
    }
}
