using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Audit;
using Gateway.Integrations.Vault;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>Signatures by a key that stays in Vault.</summary>
public sealed class TransitSignerTests
{
    private const string Type = "test+jwt";
    private const string Path = "transit/audit";
    private const string Signing = "transit/sign/audit/sha2-256";
    private const string Reading = "transit/keys/audit";

    private static readonly byte[] Payload = """{"said":"so"}"""u8.ToArray();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("audit", Path)]
    [InlineData("team/keys/audit", "team/keys/audit")]
    public async Task SignCompactAsync_Key_SignsAsJwsHasIt(string reference, string path)
    {
        await using var scene = await SceneAsync(path);
        Assert.True(TransitKey.TryParse(reference, out var key));
        using var signer = new TransitSigner(key, () => scene.Connection.Session);

        var jws = await signer.SignCompactAsync(Type, Payload, Stop);

        AssertVerifies(jws, Assert.Single(signer.PublicKeys));
        var header = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(jws.Split('.')[0]));
        Assert.Equal(("ES256", Type), (header.GetProperty("alg").GetString(), header.GetProperty("typ").GetString()));
        Assert.Equal(Payload, Base64Url.DecodeFromChars(jws.Split('.')[1]));

        // Once read, it is not read again.
        await signer.SignCompactAsync(Type, Payload, Stop);
        Assert.Single(scene.Vault.Requests, r => r.Path.EndsWith("keys/audit", StringComparison.Ordinal) && r.Method == "GET");
        Assert.All(scene.Vault.Requests.Where(r => r.Path.Contains("/sign/", StringComparison.Ordinal)), r => Assert.Equal("1", r.Text("key_version")));
    }

    [Fact]
    public async Task SignCompactAsync_KeyRotated_StaysUntilItsVersionIsRefused()
    {
        await using var scene = await SceneAsync();
        using var signer = Signer(scene);
        var first = await signer.SignCompactAsync(Type, Payload, Stop);
        scene.Vault.State.Transit.Rotate(Path);
        var second = await signer.SignCompactAsync(Type, Payload, Stop);
        Assert.Single(signer.PublicKeys);

        scene.Vault.State.Transit.Retire(Path, below: 2);
        var jws = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => signer.SignCompactAsync(Type, Payload, Stop).AsTask()));

        Assert.Equal(2, signer.PublicKeys.Count);
        AssertVerifies(first, signer.PublicKeys[0]);
        AssertVerifies(second, signer.PublicKeys[0]);
        Assert.All(jws, one => AssertVerifies(one, signer.PublicKeys[1]));
        var reads = scene.Vault.Count(Reading);
        await signer.SignCompactAsync(Type, Payload, Stop);
        Assert.Equal(reads, scene.Vault.Count(Reading));
    }

    [Fact]
    public async Task SignCompactAsync_VersionRefusedAndNoneNewer_ReadsOnceAndSaysSo()
    {
        await using var scene = await SceneAsync();
        using var signer = Signer(scene);
        await signer.ReadAsync(Stop);
        scene.Vault.State.Transit.Retire(Path, below: 2);

        await AssertFailsAsync(signer, $"answered 500 to POST {Signing}: it failed, or something on the way to it.");
        Assert.Equal(2, scene.Vault.Count(Reading));
    }

    [Theory]
    [InlineData("version 2 of it", "vault:v1:", "vault:v2:")]
    [InlineData("nothing", "vault:v1:", "")]
    [InlineData("version 10 of it", "vault:v1:", "vault:v10:")]
    public async Task SignCompactAsync_AnswerOfAnotherVersion_IsNotGivenOut(string what, string right, string wrong)
    {
        await using var scene = await SceneAsync();
        using var signer = Signer(scene);
        scene.Vault.State.Transit.Forge = text => text.Replace(right, wrong, StringComparison.Ordinal);

        Assert.NotEmpty(what);
        await AssertFailsAsync(signer, NotOurs);
    }

    [Fact]
    public async Task SignCompactAsync_SignatureChanged_IsNotGivenOut()
    {
        await using var scene = await SceneAsync();
        using var signer = Signer(scene);
        foreach (var forge in (Func<string, string>[])
        [
            text => text[..^4] + (text.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA"),
            text => text[..^8],
            text => text + "AAAA",
            _ => "vault:v1:" + Base64Url.EncodeToString(new byte[64]),
            _ => "vault:v1:",
            _ => "vault:v1:*",
        ])
        {
            scene.Vault.State.Transit.Forge = forge;
            await AssertFailsAsync(signer, NotOurs);
        }

        scene.Vault.State.Transit.Forge = null;
        AssertVerifies(await signer.SignCompactAsync(Type, Payload, Stop), signer.PublicKeys[0]);
    }

    [Fact]
    public async Task SignCompactAsync_KeyMadeAnew_IsNotTakenForTheFormer()
    {
        await using var scene = await SceneAsync();
        using var signer = Signer(scene);
        await signer.ReadAsync(Stop);
        scene.Vault.State.Transit.Create(Path);
        await AssertFailsAsync(signer, NotOurs);

        // Its version being refused is no reason to trust the new one either.
        scene.Vault.State.Transit.Retire(Path, below: 2);
        await AssertFailsAsync(signer, "Start the gateway again if that was meant.");
        Assert.Single(signer.PublicKeys);
    }

    [Theory]
    [InlineData("ecdsa-p384")]
    [InlineData("aes256-gcm96")]
    [InlineData("rsa-2048")]
    [InlineData(null)]
    public async Task ReadAsync_KeyOfAnotherType_SaysWhatToMake(string? type)
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Engine(Reading, new JsonObject { ["type"] = type, ["latest_version"] = 1, ["keys"] = new JsonObject { ["1"] = 1795297421 } }, hasLease: false);
        using var signer = Signer(scene);

        var failure = await Assert.ThrowsAsync<FormatException>(() => signer.ReadAsync(Stop));

        Assert.Equal("Vault's key is not of the type ecdsa-p256: make one with 'vault write transit/keys/NAME type=ecdsa-p256', and write its name.", failure.Message);
        Assert.Empty(signer.PublicKeys);
        await AssertFailsAsync(signer, "and write its name.");
    }

    [Theory]
    [InlineData("""{ "type": "ecdsa-p256" }""", "without the public key of its newest version.")]
    [InlineData("""{ "type": "ecdsa-p256", "latest_version": 2, "keys": { "1": { "public_key": "x" } } }""", "without the public key of its newest version.")]
    [InlineData("""{ "type": "ecdsa-p256", "latest_version": 1, "keys": { "1": 1795297421 } }""", "without the public key of its newest version.")]
    [InlineData("""{ "type": "ecdsa-p256", "latest_version": 1, "keys": { "1": { "public_key": "canary" } } }""", "It is not a public key on the curve P-256 in PEM.")]
    public async Task SignCompactAsync_KeyWithoutPublicHalf_SaysSo(string data, string problem)
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Engine(Reading, JsonNode.Parse(data)!.AsObject(), hasLease: false);
        using var signer = Signer(scene);

        await AssertFailsAsync(signer, problem);
    }

    [Fact]
    public async Task SignCompactAsync_NotAllowedOrNotThere_SaysSo()
    {
        await using var scene = await SceneAsync();
        using var signer = Signer(scene);
        scene.Vault.State.Denied.Add(Signing);
        await AssertFailsAsync(signer, $"answered 403 to POST {Signing}: the gateway's token may not do that; check its policies.");

        Assert.True(TransitKey.TryParse("other", out var other));
        using var missing = new TransitSigner(other, () => scene.Connection.Session);
        await AssertFailsAsync(missing, "answered 404 to GET transit/keys/other: there is nothing; check mount, role and namespace.");

        using var unconfigured = new TransitSigner(other, () => null);
        await AssertFailsAsync(unconfigured, "No Vault is configured any more.");
    }

    [Fact]
    public async Task SignCompactAsync_SealedAndBack_SignsAgain()
    {
        await using var scene = await SceneAsync();
        using var signer = Signer(scene);
        await signer.ReadAsync(Stop);
        scene.Vault.IsSealed = true;
        await AssertFailsAsync(signer, $"answered 503 to POST {Signing}: it is sealed.");

        scene.Vault.IsSealed = false;
        AssertVerifies(await signer.SignCompactAsync(Type, Payload, Stop), signer.PublicKeys[0]);
    }

    [Fact]
    public async Task SignCompactAsync_GivenUp_DoesNotWaitForVault()
    {
        await using var scene = await SceneAsync();
        using var signer = Signer(scene);
        await signer.ReadAsync(Stop);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        scene.Vault.BeforeAnswer = async (_, context) =>
        {
            await patience.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await signer.SignCompactAsync(Type, Payload, patience.Token));
    }

    [Fact]
    public async Task SignCompactAsync_ConnectionReplacedMeanwhile_IsAFaultOfTheSigner()
    {
        await using var scene = await SceneAsync();
        using var signer = Signer(scene);
        await signer.ReadAsync(Stop);
        await scene.Connection.DisposeAsync();

        await AssertFailsAsync(signer, "");
    }

    private const string NotOurs = $"answered 200 to POST {Signing} with something else than a signature by version 1 of the key.";

    private static async Task<VaultScene> SceneAsync(string path = Path)
    {
        var scene = await VaultScene.StartAsync();
        scene.Vault.State.Transit.Create(path);
        return scene;
    }

    private static TransitSigner Signer(VaultScene scene) => new(new TransitKey("transit", "audit"), () => scene.Connection.Session);

    private static async Task AssertFailsAsync(TransitSigner signer, string end)
    {
        var failure = await Assert.ThrowsAsync<AuditSigningException>(async () => await signer.SignCompactAsync(Type, Payload, Stop));
        Assert.EndsWith(end, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s.token", failure.ToString(), StringComparison.Ordinal);
    }

    private static void AssertVerifies(string jws, string pem)
    {
        using var key = AuditPublicKey.Parse(pem);
        var end = jws.LastIndexOf('.');
        Assert.True(key.Verifies(Encoding.ASCII.GetBytes(jws[..end]), Base64Url.DecodeFromChars(jws.AsSpan(end + 1))));
        Assert.Equal(key.Id, JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(jws.Split('.')[0])).GetProperty("kid").GetString());
    }
}
