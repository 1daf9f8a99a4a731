using System.Text;
using Xunit.Sdk;

namespace Gateway.Tests.EndToEnd;

/// <summary>The search for secrets finds what it is there to find.</summary>
public sealed class CanaryTests
{
    // Constant, since a test runner reads the theory's data in one process and runs it in another.
    private const string Secret = "canary-self-0f8b1c5de29a47f3b6d0a1c2e3f4a5b6";

    public static TheoryData<string> Leaks => new()
    {
        Secret,
        Secret.ToUpperInvariant(),
        $"Bearer {Secret}\r\n",
        Convert.ToHexString(Encoding.UTF8.GetBytes(Secret)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"gateway:{Secret}")),
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"gateway1:{Secret}")),
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"gateway12:{Secret}!")),
        System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{{\"a\":\"{Secret}\"}}")),
    };

    [Theory]
    [MemberData(nameof(Leaks))]
    public void AssertAbsent_SecretInAnyForm_Fails(string text)
    {
        Assert.Throws<FailException>(() => Canary.AssertAbsent(Secret, $"before {text} after", "The text"));
    }

    [Fact]
    public void AssertAbsentFromFolder_SecretInALockedFile_Fails()
    {
        using var folder = new TemporaryFolder();
        using var locked = new FileStream(folder.Combine("deep.lock"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        locked.Write(Encoding.UTF8.GetBytes(Secret));
        locked.Flush();

        Assert.Throws<FailException>(() => Canary.AssertAbsentFromFolder(Secret, folder.Path));
    }

    [Fact]
    public void AssertAbsent_OtherText_Passes() => Canary.AssertAbsent(Secret, Canary.New("self"), "The text");
}
