using System.Security.Cryptography;
using Gateway.Integrations.Linux;

namespace Gateway.Integrations.Tests.Linux;

public sealed class ExecutableDigestsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-digest-").FullName;
    private readonly ExecutableDigests _digests = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _digests.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Compute_LargerThanABlock_IsTheFilesDigest()
    {
        var content = RandomNumberGenerator.GetBytes(300_001);
        var path = Path.Combine(_folder, "program");
        await File.WriteAllBytesAsync(path, content, Stop);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), await DigestAsync(path));
    }

    [Fact]
    public async Task Compute_SameSizeAndTimeWrittenAgain_IsTheNewDigest()
    {
        var path = Path.Combine(_folder, "program");
        await File.WriteAllTextAsync(path, "first", Stop);
        var time = File.GetLastWriteTimeUtc(path);
        var first = await DigestAsync(path);

        // The time of change, unlike that of modification, cannot be set back.
        await File.WriteAllTextAsync(path, "other", Stop);
        File.SetLastWriteTimeUtc(path, time);
        var second = await DigestAsync(path);

        Assert.NotEqual(first, second);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("other"u8)), second);
    }

    [Fact]
    public async Task Compute_LargerThanAnyProgram_IsNull()
    {
        var path = Path.Combine(_folder, "sparse");
        await using (var file = File.Create(path))
        {
            file.SetLength((1L << 30) + 1);
        }

        Assert.Null(await DigestAsync(path));
    }

    private async Task<string?> DigestAsync(string path)
    {
        using var file = File.OpenHandle(path);
        return await _digests.ComputeAsync(file, Stop);
    }
}
