using Gateway.Core.Credentials;
using Gateway.Integrations.Secrets;

namespace Gateway.Integrations.Tests.Secrets;

public sealed class SecretSourcesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gateway-secrets-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task ReadAsync_EachScheme_ReadsThere()
    {
        var store = new EncryptedSecretStore(Path.Combine(_directory.FullName, "data"), TimeProvider.System);
        await store.SetAsync("one", new SecretValue("from-store"), Cancellation);
        var file = Write("from-file");
        var variable = $"GATEWAY_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, "from-environment");
        try
        {
            var sources = SecretSources.Create(store);
            Assert.Equal("from-store", await ReadAsync(sources, new("secret", "one")));
            Assert.Equal("from-file", await ReadAsync(sources, new("file", file)));
            Assert.Equal("from-environment", await ReadAsync(sources, new("env", variable)));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Fact]
    public async Task ReadAsync_UnknownScheme_NamesTheKnownOnes() =>
        Assert.Equal(
            "vault:a#b: no source for 'vault:'; there are env:, file:, secret:.",
            await FailAsync(SecretSources.Create(new EncryptedSecretStore(_directory.FullName, TimeProvider.System)), new("vault", "a#b")));

    [Fact]
    public async Task ReadAsync_VariableUnsetOrEmpty_SaysWhich()
    {
        var variable = $"GATEWAY_TEST_{Guid.NewGuid():N}";
        Assert.Equal($"env:{variable}: the environment variable is not set.", await FailAsync(new EnvironmentSecretSource(), new("env", variable)));

        Environment.SetEnvironmentVariable(variable, "");
        try
        {
            Assert.Equal($"env:{variable}: the environment variable is empty.", await FailAsync(new EnvironmentSecretSource(), new("env", variable)));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Theory]
    [InlineData("secret", "secret")]
    [InlineData("secret\n", "secret")]
    [InlineData("secret\r\n", "secret")]
    [InlineData("secret\n\n", "secret\n")]
    [InlineData(" secret ", " secret ")]
    [InlineData("\ufeffsecret", "secret")]
    [InlineData("-----BEGIN KEY-----\nMII\n-----END KEY-----\n", "-----BEGIN KEY-----\nMII\n-----END KEY-----")]
    public async Task ReadAsync_File_TrimsOneLineBreak(string content, string expected) =>
        Assert.Equal(expected, await ReadAsync(new FileSecretSource(), new("file", Write(content))));

    [Fact]
    public async Task ReadAsync_FileThatCannotBeUsed_SaysWhy()
    {
        var source = new FileSecretSource();
        var missing = Path.Combine(_directory.FullName, "missing");
        var binary = Path.Combine(_directory.FullName, "binary");
        await File.WriteAllBytesAsync(binary, [0x63, 0x61, 0xff, 0xfe], Cancellation);

        Assert.Equal($"file:{missing}: there is no such file.", await FailAsync(source, new("file", missing)));
        Assert.Equal($"file:{missing}/x: there is no such file.", await FailAsync(source, new("file", missing + "/x")));
        Assert.Contains("or it is a directory", await FailAsync(source, new("file", _directory.FullName)), StringComparison.Ordinal);
        Assert.EndsWith("the file is empty.", await FailAsync(source, new("file", Write("\n"))), StringComparison.Ordinal);
        Assert.EndsWith("the file is larger than 64 KiB.", await FailAsync(source, new("file", Write(new string('x', 65537)))), StringComparison.Ordinal);
        Assert.EndsWith("the file is not UTF-8 text.", await FailAsync(source, new("file", binary)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_FileOfTheMaximumSize_IsRead() =>
        Assert.Equal(65536, (await ReadAsync(new FileSecretSource(), new("file", Write(new string('x', 65536))))).Length);

    private static async Task<string> ReadAsync(ISecretSource source, SecretReference reference) =>
        (await source.ReadAsync(reference, Cancellation)).Reveal();

    private static async Task<string> FailAsync(ISecretSource source, SecretReference reference) =>
        (await Assert.ThrowsAsync<SecretUnavailableException>(async () => await source.ReadAsync(reference, Cancellation))).Message;

    private string Write(string content)
    {
        var path = Path.Combine(_directory.FullName, Guid.NewGuid().ToString("N"));
        File.WriteAllText(path, content);
        return path;
    }
}
