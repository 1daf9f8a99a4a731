using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Credentials;
using Gateway.Integrations.Vault;

namespace Gateway.Integrations.Tests.Vault;

public sealed class TransitKeyTests
{
    [Theory]
    [InlineData("audit", "transit", "audit")]
    [InlineData("team/audit", "team", "audit")]
    [InlineData("a/b/c/audit", "a/b/c", "audit")]
    public void TryParse_Reference_IsMountAndName(string text, string mount, string name)
    {
        Assert.True(TransitKey.TryParse(text, out var key));
        Assert.Equal(new TransitKey(mount, name), key);
        Assert.Equal(text, key.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("audit/")]
    [InlineData("/audit")]
    [InlineData("a//audit")]
    [InlineData("../audit")]
    [InlineData("sys/audit")]
    [InlineData("auth/token/audit")]
    [InlineData("audit key")]
    [InlineData("audit?version=1")]
    [InlineData("audit%2Fkey")]
    [InlineData("audit#field")]
    public void TryParse_SomethingElse_IsRefused(string text) => Assert.False(TransitKey.TryParse(text, out _));

    [Fact]
    public void TryParse_AnyText_IsAPathThatIsAskedForAsWrittenOrRefused()
    {
        var parsed = 0;
        var texts = Gen.Elements("a", "transit", "sys", "auth", "/", "/", ".", "..", "%2F", "?", "#", " ", "-", "\\", "é").ListOf().Select(parts => string.Concat(parts));

        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            if (TransitKey.TryParse(text, out var key))
            {
                parsed++;
                var path = $"{key.Mount}/{key.Name}";
                Assert.True(VaultPath.IsSecret(path), path);
                Assert.Equal($"/v1/{path}", new Uri($"http://vault/v1/{path}").AbsolutePath);
                Assert.True(TransitKey.TryParse(key.ToString(), out var again) && again == key, $"{key}");
            }
        }).QuickCheckThrowOnFailure();

        Assert.True(parsed > 0, "Nothing was a key.");
    }
}
