using Gateway.Core.Identity;
using Gateway.Core.Identity.Spiffe;
using Gateway.Core.Tests.Identity;
using Gateway.Integrations.Spiffe;
using Gateway.Integrations.Tests.Oidc;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Spiffe;

/// <summary>SPIFFE Trust Domain and Bundle, sections 4.1.2, 4.1.3 and 6.1.</summary>
public sealed class BundleKeeperTests : IDisposable
{
    private static readonly TestAuthority Root = TestAuthority.Root();
    private static readonly TrustDomainDefinition Fetched = TestBundleSource.Definition() with
    {
        BundleFile = null,
        Endpoint = new BundleEndpoint(new Uri("https://bundle.example"), null, null),
    };

    private readonly TestClock _clock = new();
    private readonly TestBundleReader _reader = new(Bundle(hint: 60));
    private BundleKeeper? _keeper;

    public void Dispose() => _keeper?.Dispose();

    [Fact]
    public async Task Start_GoodBundle_IsReadAndReadAgainAtItsHint()
    {
        var keeper = await StartAsync(Fetched);
        await SleepsAsync();

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, _reader.Reads);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ReadsAsync(2);
        Assert.Equal(60, keeper.Current!.Bundle.RefreshHint!.Value.TotalSeconds);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(60, 60)]
    [InlineData(2_419_200, 3600)]
    [InlineData(null, 300)]
    public void NextDelay_Hint_CountsWithinBounds(int? hint, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BundleSchedule.NextDelay(Fetched, TestBundle.Read(Bundle(hint)), 0));

    [Fact]
    public void NextDelay_Schedule_FollowsConfigurationAndKind()
    {
        var bundle = TestBundle.Read(Bundle(60));

        Assert.Equal(TimeSpan.FromSeconds(7), BundleSchedule.NextDelay(Fetched with { RefreshInterval = TimeSpan.FromSeconds(7) }, bundle, 0));
        Assert.Equal(TimeSpan.FromSeconds(20), BundleSchedule.NextDelay(Fetched with { MaxBundleAge = TimeSpan.FromSeconds(20) }, bundle, 0));
        Assert.Equal(TimeSpan.FromSeconds(1), BundleSchedule.NextDelay(TestBundleSource.Definition(), bundle, 0));

        // With a bundle to go on with, the next attempt waits for its time; without one, hardly.
        Assert.Equal(TimeSpan.FromSeconds(60), BundleSchedule.NextDelay(Fetched, bundle, 5));
        Assert.Equal([1, 2, 4, 300], new[] { 1, 2, 3, 50 }.Select(failures => (int)BundleSchedule.NextDelay(Fetched, null, failures).TotalSeconds));
    }

    /// <summary>Identity does not end because the trust domain's server is down.</summary>
    [Fact]
    public async Task Refresh_EndpointDownForAnHour_LastGoodBundleServesAndTheStatusSaysSo()
    {
        var keeper = await StartAsync(Fetched);
        var domains = new TrustDomainSet([new TrustDomain(Fetched, keeper)]);
        var bundle = keeper.Current!.Bundle;
        _reader.Document = null;
        for (var minute = 1; minute <= 60; minute++)
        {
            await SleepsAsync();
            _clock.Advance(TimeSpan.FromMinutes(1));
            await ReadsAsync(1 + minute);
        }

        await SleepsAsync();
        Assert.Same(bundle, keeper.Current.Bundle);
        Assert.Equal("Down.", keeper.LastError);
        Assert.Equal(TestClock.Start, keeper.Current.FetchedAt);
        Assert.NotNull(X509SvidValidator.Validate(Root.Issue(change: c => c.NotAfter = TestClock.Start.AddDays(1)), [], domains, _clock.GetUtcNow()).Agent);
        Assert.Equal(IdentityFailure.CertificateUntrusted, X509SvidValidator.Validate(TestAuthority.Root().Issue(change: c => c.NotAfter = TestClock.Start.AddDays(1)), [], domains, _clock.GetUtcNow()).Failure);

        _reader.Document = Bundle(hint: 60);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(() => keeper.LastError is null, "the endpoint is back");
        Assert.Same(bundle, keeper.Current.Bundle);
    }

    [Fact]
    public async Task Refresh_BundleTooOld_IsNotServed()
    {
        var keeper = await StartAsync(Fetched);
        var domain = new TrustDomain(Fetched, keeper);
        _reader.Document = null;

        Assert.NotNull(domain.CurrentBundle(TestClock.Start + Fetched.MaxBundleAge));
        Assert.Null(domain.CurrentBundle(TestClock.Start + Fetched.MaxBundleAge + TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{ \"keys\": [")]
    [InlineData("<html>")]
    public async Task Refresh_NoBundle_KeepsTheLastGoodOne(string document)
    {
        var keeper = await StartAsync(Fetched);
        var good = keeper.Current;
        _reader.Document = document;

        Assert.Same(good, await keeper.RefreshAsync(good, TestContext.Current.CancellationToken));
        Assert.NotNull(keeper.LastError);
    }

    /// <summary>Section 4.1.3: an empty bundle is an order, and no failure.</summary>
    [Fact]
    public async Task Refresh_EmptyBundle_ReplacesTheLastGoodOne()
    {
        var keeper = await StartAsync(Fetched);
        _reader.Document = """{"keys":[]}""";

        Assert.True((await keeper.RefreshAsync(keeper.Current, TestContext.Current.CancellationToken))!.Bundle.IsEmpty);
        Assert.Null(keeper.LastError);
    }

    [Fact]
    public async Task Refresh_SameContent_KeepsTheBundleAsAnObject()
    {
        var keeper = await StartAsync(Fetched);
        var first = keeper.Current!;
        _clock.Advance(TimeSpan.FromSeconds(10));

        var second = await keeper.RefreshAsync(first, TestContext.Current.CancellationToken);

        Assert.NotSame(first, second);
        Assert.Same(first.Bundle, second!.Bundle);
        Assert.Equal(TestClock.Start.AddSeconds(10), second.FetchedAt);
    }

    [Fact]
    public async Task RefreshAsync_AskedOften_AsksTheTrustDomainOnceIn30Seconds()
    {
        var keeper = await StartAsync(Fetched);
        await SleepsAsync();
        for (var i = 0; i < 20; i++)
        {
            await keeper.RefreshAsync(keeper.Current, TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, _reader.Reads);
        _clock.Advance(TimeSpan.FromSeconds(30));
        await keeper.RefreshAsync(keeper.Current, TestContext.Current.CancellationToken);
        Assert.Equal(3, _reader.Reads);
    }

    [Fact]
    public async Task Start_BootstrapFile_ServesUntilTheEndpointAnswers()
    {
        _reader.Document = null;
        var file = new TestBundleReader(TestBundle.Json(Root));
        _keeper = new BundleKeeper(Fetched, file, _reader, _clock, NullLogger.Instance);
        _keeper.Start();
        await Eventually.HoldsAsync(() => _keeper.LastError is not null, "the endpoint was asked");
        Assert.Equal(Root.Certificate.RawData, Assert.Single(_keeper.Current!.Bundle.Authorities).RawData);

        _reader.Document = """{"keys":[]}""";
        Assert.True((await _keeper.RefreshAsync(_keeper.Current, TestContext.Current.CancellationToken))!.Bundle.IsEmpty);
        Assert.Equal(1, file.Reads);
    }

    private static string Bundle(int? hint) =>
        hint is { } seconds ? TestBundle.Json([Root.Certificate], [], seconds) : """{"keys":[]}""";

    private async Task<BundleKeeper> StartAsync(TrustDomainDefinition definition)
    {
        _keeper = new BundleKeeper(definition, null, _reader, _clock, NullLogger.Instance);
        _keeper.Start();
        await Eventually.HoldsAsync(() => _keeper.Current is not null, "the bundle was read");
        return _keeper;
    }

    /// <summary>Until the loop waits for its next turn, so that moving the clock wakes it.</summary>
    private Task SleepsAsync() => Eventually.HoldsAsync(() => _clock.Timers == 1, "the keeper sleeps");

    private Task ReadsAsync(int count) => Eventually.HoldsAsync(() => _reader.Reads == count, $"the bundle was read {count} times");
}
