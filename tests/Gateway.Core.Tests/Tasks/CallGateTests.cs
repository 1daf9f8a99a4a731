using Gateway.Core.Tasks;

namespace Gateway.Core.Tests.Tasks;

public sealed class CallGateTests
{
    [Fact]
    public void TryEnter_Closed_KeepsOut()
    {
        var gate = new CallGate();
        gate.Close();

        Assert.False(gate.TryEnter());
        Assert.Equal(0, gate.Count);
    }

    [Fact]
    public async Task WaitUntilEmpty_CallsInside_CompletesWithTheLast()
    {
        var gate = new CallGate();
        Assert.True(gate.TryEnter());
        Assert.True(gate.TryEnter());
        gate.Close();
        var empty = gate.WaitUntilEmptyAsync(TestContext.Current.CancellationToken);

        gate.Leave();
        Assert.False(empty.IsCompleted);
        gate.Leave();

        await empty.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void CutOff_CallInside_IsCancelled()
    {
        var gate = new CallGate();
        gate.TryEnter();
        Assert.False(gate.Cut.IsCancellationRequested);

        gate.CutOff();

        Assert.True(gate.Cut.IsCancellationRequested);
    }

    [Fact]
    public async Task Close_AgainstManyCalls_NoneIsInsideAfterItEmptied()
    {
        for (var round = 0; round < 1000; round++)
        {
            var gate = new CallGate();
            var emptied = 0;
            var late = 0;
            var calls = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < 16; i++)
                {
                    if (gate.TryEnter())
                    {
                        late += Volatile.Read(ref emptied);
                        gate.Leave();
                    }
                }
            })).ToArray();
            gate.Close();
            await gate.WaitUntilEmptyAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            Volatile.Write(ref emptied, 1);
            await Task.WhenAll(calls);

            Assert.Equal(0, late);
        }
    }
}
