using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Audit;
using Gateway.Demo;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Demo;

public sealed class DemoReceiptTests : IDisposable
{
    private const string Sound = """{"task":"t","reason":"completed","leases":[{"id":"l","uses":2,"revocation":"confirmed"}]}""";

    private readonly TemporaryFolder _folder = new();
    private readonly AuditKey _key = AuditKey.Parse(AuditKey.Generate());

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void IsAsExpected_SoundReceipt_IsTrue() => Assert.True(Receipt(Sound, _key).IsAsExpected("t"));

    [Theory]
    [InlineData("\"t\"", "\"another\"")]
    [InlineData("completed", "killed")]
    [InlineData("confirmed", "queued")]
    [InlineData("\"uses\":2", "\"uses\":3")]
    [InlineData("""[{"id":"l","uses":2,"revocation":"confirmed"}]""", "[]")]
    public void IsAsExpected_AnythingElse_IsFalse(string sound, string other) =>
        Assert.False(Receipt(Sound.Replace(sound, other, StringComparison.Ordinal), _key).IsAsExpected("t"));

    [Fact]
    public void Verifies_ChangedAfterItWasSigned_IsFalse()
    {
        var receipt = Receipt(Sound, _key);
        receipt.Body["reason"] = "killed";

        Assert.False(receipt.Verifies);
    }

    [Fact]
    public void Verifies_SignedWithAnotherKey_IsFalse()
    {
        using var other = AuditKey.Parse(AuditKey.Generate());

        Assert.False(Receipt(Sound, other).Verifies);
    }

    [Fact]
    public void Verifies_NotSigned_IsFalse()
    {
        var receipt = Receipt(Sound, _key);
        receipt.Body.Remove("signature");

        Assert.False(receipt.Verifies);
    }

    private DemoReceipt Receipt(string payload, AuditKey signer)
    {
        var body = JsonNode.Parse(payload)!.AsObject();
        body["signature"] = signer.SignCompact("gateway-receipt+jwt", Encoding.UTF8.GetBytes(payload));
        return new DemoReceipt(body, _folder.Write("audit-key.pub", _key.PublicPem));
    }
}
