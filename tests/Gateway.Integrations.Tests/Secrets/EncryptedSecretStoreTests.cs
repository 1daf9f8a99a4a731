using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Credentials;
using Gateway.Integrations.Secrets;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Integrations.Tests.Secrets;

[UnsupportedOSPlatform("windows")]
public sealed class EncryptedSecretStoreTests : IDisposable
{
    private const string Canary = "canary-7f3a9c51-äöü";

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("gateway-store-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_parent.FullName, "data");

    private string StorePath => Path.Combine(Data, "secrets.json");

    private string Keys => Path.Combine(Data, "keys");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task ReadAsync_AfterSet_GivesTheValueInThisAndOtherProcesses()
    {
        var store = Open();
        await store.SetAsync("one", new SecretValue(Canary), Cancellation);

        Assert.Equal(Canary, await ReadAsync(store, "one"));
        Assert.Equal(Canary, await ReadAsync(Open(), "one"));
    }

    [Fact]
    public async Task ReadAsync_ChangedByAnotherProcess_SeesItAtTheNextRead()
    {
        var (gateway, command) = (Open(), Open());
        for (var i = 0; i < 20; i++)
        {
            // Same length, and well within one step of a coarse clock.
            await command.SetAsync("one", new SecretValue($"value-{i:00}"), Cancellation);
            Assert.Equal($"value-{i:00}", await ReadAsync(gateway, "one"));
        }

        Assert.True(await command.RemoveAsync("one", Cancellation));
        Assert.Equal("secret:one: there is no such secret; set it with: gateway secrets set one", await FailAsync(gateway, "one"));
    }

    [Fact]
    public async Task ReadAsync_CachedStoreChangesLater_SeesIt()
    {
        var store = Open();
        await store.SetAsync("one", new SecretValue("first"), Cancellation);
        File.SetLastWriteTimeUtc(StorePath, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc)); // settled, so that it is cached
        Assert.Equal("first", await ReadAsync(store, "one"));

        await Open().SetAsync("one", new SecretValue("other"), Cancellation);

        Assert.Equal("other", await ReadAsync(store, "one"));
    }

    [Fact]
    public async Task SetAsync_NewStore_IsReadableByItsOwnerOnly()
    {
        var store = Open();
        await store.SetAsync("one", new SecretValue(Canary), Cancellation);
        await store.SetAsync("two", new SecretValue(Canary), Cancellation);

        Assert.Equal(PrivateFile.OwnerOnlyDirectory, File.GetUnixFileMode(Data));
        Assert.Equal(PrivateFile.OwnerOnlyDirectory, File.GetUnixFileMode(Keys));
        var files = Directory.GetFiles(Data, "*", SearchOption.AllDirectories);
        Assert.Equal(3, files.Length); // the store, its lock, one key; no temporary file left
        Assert.All(files, file => Assert.Equal(PrivateFile.OwnerOnly, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task SetAsync_AnyValue_IsInNoFileInClear()
    {
        await Open().SetAsync("one", new SecretValue(Canary), Cancellation);

        var forms = new[] { Canary, "canary", Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary))[..12] };
        foreach (var file in Directory.GetFiles(Data, "*", SearchOption.AllDirectories))
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancellation));
            Assert.All(forms, form => Assert.DoesNotContain(form, text, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task SetAsync_ConcurrentFirstSetsOfManyProcesses_LoseNothing()
    {
        // Each its own instance, as each process has; the kernel's lock does not tell the difference.
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(
            () => Open().SetAsync($"name-{i}", new SecretValue($"value-{i}"), Cancellation), Cancellation)));

        var reader = Open();
        for (var i = 0; i < 24; i++)
        {
            Assert.Equal($"value-{i}", await ReadAsync(reader, $"name-{i}"));
        }

        Assert.Single(Directory.GetFiles(Keys));
        Assert.Equal(24, (await reader.ListAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task ReadAsync_WhileOthersWrite_AlwaysSeesAWholeStore()
    {
        await Open().SetAsync("fixed", new SecretValue(Canary), Cancellation);
        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < 60; i++)
                {
                    await Open().SetAsync("other", new SecretValue(new string('x', 1 + (i * 100))), Cancellation);
                }
            },
            Cancellation);

        var store = Open();
        var reads = 0;
        for (; !writing.IsCompleted; reads++)
        {
            Assert.Equal(Canary, await ReadAsync(store, "fixed"));
        }

        await writing.WaitAsync(Cancellation);
        Assert.True(reads > 0);
    }

    [Fact]
    public async Task SetAsync_ProcessDiedWhileWriting_OldStoreStandsAndTheNextSetWorks()
    {
        var store = Open();
        await store.SetAsync("one", new SecretValue(Canary), Cancellation);
        // What a kill leaves behind: a half-written temporary file, and the lock file, which the kernel has released.
        await File.WriteAllTextAsync(StorePath + ".tmp", "{\"one\":{\"prot", Cancellation);

        Assert.Equal(Canary, await ReadAsync(Open(), "one"));
        await store.SetAsync("two", new SecretValue("second"), Cancellation);
        Assert.Equal(Canary, await ReadAsync(Open(), "one"));
        Assert.Equal("second", await ReadAsync(Open(), "two"));
        Assert.False(File.Exists(StorePath + ".tmp"));
    }

    [Fact]
    public async Task SetAsync_LockHeldByAnother_WaitsForIt()
    {
        await Open().SetAsync("one", new SecretValue("first"), Cancellation);
        var held = PrivateFile.OpenExclusive(Path.Combine(Data, "secrets.lock"));

        var setting = Open().SetAsync("one", new SecretValue("second"), Cancellation);
        await Task.Delay(100, Cancellation);
        Assert.False(setting.IsCompleted);
        Assert.Equal("first", await ReadAsync(Open(), "one"));
        await held.DisposeAsync();
        await setting.WaitAsync(Cancellation);

        Assert.Equal("second", await ReadAsync(Open(), "one"));
    }

    [Fact]
    public async Task ReadAsync_SwappedEntries_AreRefused()
    {
        var store = Open();
        await store.SetAsync("cheap", new SecretValue("cheap-value"), Cancellation);
        await store.SetAsync("dear", new SecretValue(Canary), Cancellation);
        await EditAsync(root => (root["cheap"], root["dear"]) = (root["dear"]!.DeepClone(), root["cheap"]!.DeepClone()));

        var message = await FailAsync(store, "cheap");

        Assert.Equal($"secret:cheap: it was not encrypted for this name with a key in {Keys}; set it again with: gateway secrets set cheap", message);
        await FailAsync(store, "dear");
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("")]
    [InlineData("not base64 !")]
    public async Task ReadAsync_DamagedEntry_SaysWhatToDo(string damaged)
    {
        var store = Open();
        await store.SetAsync("one", new SecretValue(Canary), Cancellation);
        await EditAsync(root => root["one"]!["protected"] = damaged);

        Assert.EndsWith("set it again with: gateway secrets set one", await FailAsync(store, "one"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"one\":{\"setAt\":\"2026-01-01T00:00:00Z\"}}")]
    [InlineData("{\"one\":null,\"one\":null}")]
    public async Task ReadAsync_DamagedFile_SaysWhatToDoAndIsNotOverwritten(string content)
    {
        var store = Open();
        await store.SetAsync("one", new SecretValue(Canary), Cancellation);
        await File.WriteAllTextAsync(StorePath, content, Cancellation);

        Assert.Equal(
            $"secret:one: The secret store {StorePath} is damaged: restore it from a backup, or remove the file and set the secrets again.",
            await FailAsync(store, "one"));
        await Assert.ThrowsAsync<SecretUnavailableException>(() => store.SetAsync("two", new SecretValue("x"), Cancellation));
        Assert.Equal(content, await File.ReadAllTextAsync(StorePath, Cancellation));
    }

    [Fact]
    public async Task ReadAsync_StoreReadableByOthers_IsRefusedUntilItIsNot()
    {
        var store = Open();
        await store.SetAsync("one", new SecretValue(Canary), Cancellation);
        Assert.Equal(Canary, await ReadAsync(store, "one"));

        File.SetUnixFileMode(StorePath, PrivateFile.OwnerOnly | UnixFileMode.GroupRead);
        Assert.EndsWith($"chmod 600 {StorePath}", await FailAsync(store, "one"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<SecretUnavailableException>(() => store.SetAsync("two", new SecretValue("x"), Cancellation));

        File.SetUnixFileMode(StorePath, PrivateFile.OwnerOnly);
        Assert.Equal(Canary, await ReadAsync(store, "one"));
    }

    [Fact]
    public async Task ReadAsync_KeysReadableByOthers_AreRefused()
    {
        await Open().SetAsync("one", new SecretValue(Canary), Cancellation);
        var key = Directory.GetFiles(Keys).Single();

        File.SetUnixFileMode(key, PrivateFile.OwnerOnly | UnixFileMode.OtherRead);
        Assert.EndsWith($"chmod 600 {key}", await FailAsync(Open(), "one"), StringComparison.Ordinal);
        File.SetUnixFileMode(key, PrivateFile.OwnerOnly);
        File.SetUnixFileMode(Keys, PrivateFile.OwnerOnlyDirectory | UnixFileMode.GroupExecute);
        Assert.EndsWith($"chmod 700 {Keys}", await FailAsync(Open(), "one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_KeyRingMissing_SaysSoAndNoNewOneIsMade()
    {
        await Open().SetAsync("one", new SecretValue(Canary), Cancellation);
        Directory.Move(Keys, Keys + ".away");

        var message = await FailAsync(Open(), "one");
        await Assert.ThrowsAsync<SecretUnavailableException>(() => Open().SetAsync("two", new SecretValue("x"), Cancellation));

        Assert.Contains($"the key ring {Keys} is missing", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Keys));
        Directory.Move(Keys + ".away", Keys);
        Assert.Equal(Canary, await ReadAsync(Open(), "one"));
    }

    [Fact]
    public async Task ReadAsync_KeysRestoredWhileRunning_AreFound()
    {
        var store = Open();
        await store.SetAsync("one", new SecretValue(Canary), Cancellation);
        var key = Directory.GetFiles(Keys).Single();
        // Another ring is in its place when the gateway first reads.
        File.Move(key, key + ".away");
        NewKey(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.SetLastWriteTimeUtc(StorePath, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await FailAsync(store, "one");

        File.Move(key + ".away", key);

        Assert.Equal(Canary, await ReadAsync(store, "one"));
    }

    [Fact]
    public async Task ReadAsync_KeyFileDamaged_SaysSo()
    {
        await Open().SetAsync("one", new SecretValue(Canary), Cancellation);
        var key = Directory.GetFiles(Keys).Single();
        await File.WriteAllTextAsync(key, "<key", Cancellation);

        Assert.Contains($"the key {key} is damaged", await FailAsync(Open(), "one"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<SecretUnavailableException>(() => Open().SetAsync("two", new SecretValue("x"), Cancellation));
    }

    [Fact]
    public async Task SetAsync_KeyExpired_RotatesAndKeepsOldSecrets()
    {
        Directory.CreateDirectory(Keys, PrivateFile.OwnerOnlyDirectory);
        var now = DateTimeOffset.UtcNow;
        NewKey(now.AddDays(-100), now.AddSeconds(2));
        await Open().SetAsync("old", new SecretValue(Canary), Cancellation);
        while (DateTimeOffset.UtcNow < now.AddSeconds(2.1))
        {
            await Task.Delay(50, Cancellation);
        }

        Assert.Equal(Canary, await ReadAsync(Open(), "old")); // with no key in force, and none made by a reader
        await Open().SetAsync("new", new SecretValue("new-value"), Cancellation);

        Assert.Equal(2, Directory.GetFiles(Keys).Length);
        Assert.Equal(Canary, await ReadAsync(Open(), "old"));
        Assert.Equal("new-value", await ReadAsync(Open(), "new"));
    }

    [Fact]
    public async Task ListAsync_Store_GivesNamesAndTimesOnly()
    {
        var store = Open();
        Assert.Empty(await store.ListAsync(Cancellation));
        await store.SetAsync("b", new SecretValue(Canary), Cancellation);
        await store.SetAsync("a", new SecretValue(Canary), Cancellation);

        var entries = await store.ListAsync(Cancellation);

        Assert.Equal(["a", "b"], entries.Select(e => e.Name));
        Assert.All(entries, e => Assert.InRange(TimeProvider.System.GetUtcNow() - e.SetAt, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.DoesNotContain("canary", string.Join(' ', entries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemoveAsync_Unknown_IsFalse() => Assert.False(await Open().RemoveAsync("none", Cancellation));

    [Fact]
    public async Task ReadAsync_NoStoreYet_SaysHowToSet() =>
        Assert.Equal("secret:one: there is no such secret; set it with: gateway secrets set one", await FailAsync(Open(), "one"));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("a b")]
    [InlineData("a\n")]
    public async Task SetAsync_BadName_IsRefused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Open().SetAsync(name, new SecretValue("x"), Cancellation));

    [Fact]
    public async Task SetAsync_ValueTooLargeOrEmpty_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Open().SetAsync("a", new SecretValue(""), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Open().SetAsync("a", new SecretValue(new string('ä', 32769)), Cancellation));
        await Open().SetAsync("a", new SecretValue(new string('ä', 32768)), Cancellation);
        Assert.Equal(32768, (await ReadAsync(Open(), "a")).Length);
    }

    private static async Task<string> ReadAsync(EncryptedSecretStore store, string name) =>
        (await store.ReadAsync(new SecretReference("secret", name), Cancellation)).Reveal();

    private static async Task<string> FailAsync(EncryptedSecretStore store, string name)
    {
        var failure = await Assert.ThrowsAsync<SecretUnavailableException>(
            async () => await store.ReadAsync(new SecretReference("secret", name), Cancellation));
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
        return failure.Message;
    }

    private EncryptedSecretStore Open() => new(Data, TimeProvider.System);

    private async Task EditAsync(Action<JsonNode> edit)
    {
        var root = JsonNode.Parse(await File.ReadAllTextAsync(StorePath, Cancellation))!;
        edit(root);
        await File.WriteAllTextAsync(StorePath, root.ToJsonString(), Cancellation);
    }

    private void NewKey(DateTimeOffset activation, DateTimeOffset expiration)
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("gateway");
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new KeyRingRepository(Keys));
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IKeyManager>().CreateNewKey(activation, expiration);
    }
}
