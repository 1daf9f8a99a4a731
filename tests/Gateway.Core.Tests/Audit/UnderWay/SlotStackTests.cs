using Gateway.Core.Audit.UnderWay;

namespace Gateway.Core.Tests.Audit.UnderWay;

public sealed class SlotStackTests
{
    [Fact]
    public async Task TryPop_ManyThreads_NeverGivesOneSlotToTwo()
    {
        const int Slots = 8;
        var stack = new SlotStack(Slots);
        for (var slot = 0; slot < Slots; slot++)
        {
            stack.Push(slot);
        }

        var holders = new int[Slots];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var round = 0; round < 100_000; round++)
            {
                if (stack.TryPop(out var slot))
                {
                    Assert.Equal(1, Interlocked.Increment(ref holders[slot]));
                    Interlocked.Decrement(ref holders[slot]);
                    stack.Push(slot);
                }
            }
        })));

        var left = new HashSet<int>();
        while (stack.TryPop(out var slot))
        {
            Assert.True(left.Add(slot));
        }

        Assert.Equal(Slots, left.Count);
    }

    [Fact]
    public void TryPop_Empty_IsFalse() => Assert.False(new SlotStack(3).TryPop(out _));
}
