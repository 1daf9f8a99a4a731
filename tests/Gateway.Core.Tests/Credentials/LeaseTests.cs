using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Gateway.Core.Credentials;

namespace Gateway.Core.Tests.Credentials;

public sealed class LeaseTests
{
    private const string Canary = "canary-7f3a9c51";

    [Fact]
    public void ApplyTo_AgentSentTheSameHeaders_ReplacesThem()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://upstream.example/") { Content = new StringContent("{}") };
        request.Headers.TryAddWithoutValidation("authorization", ["Bearer fake", "Bearer fake2"]);
        request.Headers.TryAddWithoutValidation("COOKIE", "session=fake");
        request.Headers.TryAddWithoutValidation("X-Api-Key", "fake");
        request.Content.Headers.TryAddWithoutValidation("x-api-key", "fake");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");

        Make(new("Authorization", "Bearer {token}"), new("Cookie", "session={token}"), new("X-Api-Key", "{token}")).ApplyTo(request);

        Assert.Equal([$"Bearer {Canary}"], request.Headers.NonValidated["Authorization"]);
        Assert.Equal([$"session={Canary}"], request.Headers.NonValidated["Cookie"]);
        Assert.Equal([Canary], request.Headers.NonValidated["X-Api-Key"]);
        Assert.False(request.Content.Headers.NonValidated.Contains("X-Api-Key"));
        Assert.Equal(["*/*"], request.Headers.NonValidated["Accept"]);
    }

    [Fact]
    public void Needles_AnyLease_AreTheSecretsInUtf8() =>
        Assert.Equal([Canary], Make(InjectionTemplate.Bearer).Needles.Select(n => Encoding.UTF8.GetString(n.Span)));

    [Fact]
    public void Drop_LiveLease_EndsItForGood()
    {
        var lease = Make(InjectionTemplate.Bearer);
        Assert.True(lease.IsLive(DateTimeOffset.UnixEpoch));

        lease.Drop();

        Assert.False(lease.IsLive(DateTimeOffset.UnixEpoch));
        Assert.False(lease.TryUse(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void TryUse_RefusedAfterTheEnd_CountsForNothing()
    {
        var lease = Make(InjectionTemplate.Bearer);
        Assert.True(lease.TryUse(DateTimeOffset.UnixEpoch));
        lease.Drop();

        lease.TryUse(DateTimeOffset.UnixEpoch);

        Assert.Equal((1, 1), (lease.Uses, lease.Drop()));
    }

    [Fact]
    public async Task Drop_WhileItIsUsed_CountsExactlyTheUsesThatWereGranted()
    {
        for (var round = 0; round < 200; round++)
        {
            var lease = Make(InjectionTemplate.Bearer);
            var granted = 0;
            using var start = new ManualResetEventSlim();
            var users = Enumerable.Range(0, 4).Select(_ => Task.Run(
                () =>
                {
                    start.Wait(TestContext.Current.CancellationToken);
                    for (var i = 0; i < 50 && lease.TryUse(DateTimeOffset.UnixEpoch); i++)
                    {
                        Interlocked.Increment(ref granted);
                    }
                },
                TestContext.Current.CancellationToken)).ToArray();
            start.Set();
            Thread.SpinWait(round * 10);
            var uses = lease.Drop();
            await Task.WhenAll(users);

            Assert.Equal((granted, granted), (uses, lease.Uses));
        }
    }

    [Fact]
    public void Printing_TypesThatHoldSecrets_ShowsNone()
    {
        var lease = Make(InjectionTemplate.Bearer);
        var issued = ScriptedProvider.Token(Canary);
        object[] holders = [new SecretValue(Canary), issued, lease, lease.Headers[0], new RenderedInjection(lease.Headers, lease.Needles)];
        var encodings = new[] { Canary, Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary)), Convert.ToBase64String(Encoding.UTF8.GetBytes($"Bearer {Canary}")) };

        foreach (var holder in holders)
        {
            var prints = $"{holder} {JsonSerializer.Serialize(holder, holder.GetType())}";
            Assert.All(encodings, text => Assert.DoesNotContain(text, prints, StringComparison.Ordinal));
        }

        Assert.Equal($"Lease {lease.Reference.Id} of credential [redacted]", lease.ToString());
    }

    [Fact]
    public void Debugger_SecretValueAndLease_ShowNoSecret()
    {
        Assert.Equal("[redacted]", typeof(SecretValue).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
        Assert.Equal("{ToString(),nq}", typeof(Lease).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
        var field = Assert.Single(typeof(SecretValue).GetFields(BindingFlags.Instance | BindingFlags.NonPublic));
        Assert.Equal(DebuggerBrowsableState.Never, field.GetCustomAttribute<DebuggerBrowsableAttribute>()!.State);
        Assert.Equal(DebuggerBrowsableState.Never, typeof(Lease).GetProperty("Needles")!.GetCustomAttribute<DebuggerBrowsableAttribute>()!.State);
    }

    [Fact]
    public void Fingerprint_EqualSecrets_AreEqualAndOthersAreNot()
    {
        static string Of(params (string Name, string Value)[] fields) =>
            LeaseFingerprint.Of(fields.ToDictionary(f => f.Name, f => new SecretValue(f.Value)));

        Assert.Matches("^sha256:[0-9a-f]{16}$", Of(("a", Canary)));
        Assert.Equal(Of(("a", "1"), ("b", "2")), Of(("b", "2"), ("a", "1")));
        Assert.NotEqual(Of(("a", "1"), ("b", "2")), Of(("a", "2"), ("b", "1")));
        Assert.NotEqual(Of(("a", "1b")), Of(("a1", "b")));
    }

    private static Lease Make(params InjectionTemplate[] templates)
    {
        var injection = InjectionRenderer.Compile(templates).Render("credential", ScriptedProvider.Token(Canary).Fields);
        var reference = new LeaseReference("0123456789abcdef0123456789abcdef", "credential", "", "sha256:0", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
        return new Lease(LeaseStoreFixture.Key(), reference, injection);
    }
}
