using System.Buffers.Binary;
using System.Security.Cryptography;
using Gateway.Core.Identity;

namespace Gateway.Core.Tests.Identity;

public sealed class MemoryReplayCacheTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(31);

    private readonly TestClock _clock = new();

    [Fact]
    public void Use_SameProof_IsTheFirstOnceUntilItExpires()
    {
        var cache = new MemoryReplayCache(_clock);
        var until = _clock.GetUtcNow() + Life;
        Assert.Equal(ReplayCheck.FirstUse, Use(cache, 1, until));
        for (var second = 0; second <= 31; second++)
        {
            Assert.Equal(ReplayCheck.Replayed, Use(cache, 1, until));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        // Judged in time, asked too late: nobody can tell any more.
        Assert.Equal(ReplayCheck.Replayed, Use(cache, 1, until));
    }

    [Fact]
    public void Use_SteadyTraffic_RemembersEachProofForItsWholeLife()
    {
        var cache = new MemoryReplayCache(_clock);
        var used = new List<(UInt128 Proof, DateTimeOffset Until)>();
        for (uint second = 0; second < 300; second++)
        {
            var until = _clock.GetUtcNow() + (second % 2 == 0 ? Life : 2 * Life);
            Assert.Equal(ReplayCheck.FirstUse, Use(cache, second, until));
            used.Add((second, until));
            Assert.All(used.Where(u => u.Until >= _clock.GetUtcNow()), u => Assert.Equal(ReplayCheck.Replayed, Use(cache, u.Proof, u.Until)));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void Use_FullCache_RefusesTheNewAndStillKnowsTheOld()
    {
        var cache = new MemoryReplayCache(_clock, 64);
        var until = _clock.GetUtcNow() + Life;
        Assert.Equal(ReplayCheck.FirstUse, Use(cache, 0, until));
        Assert.Equal(ReplayCheck.Unknown, Use(cache, 64, until));
        Assert.Equal(ReplayCheck.Replayed, Use(cache, 0, until));

        // The other shards have room, and so has this one again later.
        Assert.Equal(ReplayCheck.FirstUse, Use(cache, 1, until));
        _clock.Advance(2 * Life);
        Assert.Equal(ReplayCheck.FirstUse, Use(cache, 64, _clock.GetUtcNow() + Life));
    }

    [Fact]
    public void Use_MoreThanFits_NeverHoldsMoreThanItsCapacity()
    {
        var cache = new MemoryReplayCache(_clock, 6_400);
        var until = _clock.GetUtcNow() + Life;
        var firsts = Enumerable.Range(0, 20_000).Count(i => Use(cache, Random(i), until) == ReplayCheck.FirstUse);
        Assert.Equal(6_400, firsts);
    }

    [Fact]
    public void Use_OneProofByManyAtOnce_HasOneFirst()
    {
        var cache = new MemoryReplayCache(_clock);
        var until = _clock.GetUtcNow() + Life;
        for (var round = 0; round < 200; round++)
        {
            var firsts = 0;
            var proof = Random(round);
            Parallel.For(0, 64, _ =>
            {
                if (Use(cache, proof, until) == ReplayCheck.FirstUse)
                {
                    Interlocked.Increment(ref firsts);
                }
            });
            Assert.Equal(1, firsts);
        }
    }

    private static UInt128 Random(int seed) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(BitConverter.GetBytes(seed)));

    private static ReplayCheck Use(MemoryReplayCache cache, UInt128 proof, DateTimeOffset until)
    {
        var pending = cache.UseAsync(proof, until, CancellationToken.None);
#pragma warning disable VSTHRD002 // It has ended; there is nothing to wait for.
        return pending.IsCompletedSuccessfully ? pending.Result : throw new InvalidOperationException("Memory is not waited for.");
#pragma warning restore VSTHRD002
    }
}
