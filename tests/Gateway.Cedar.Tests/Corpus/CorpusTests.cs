using System.Collections.Concurrent;

namespace Gateway.Cedar.Tests.Corpus;

/// <summary>The published tests of the reference engine.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void Authorize_CorpusRequests_AgreeWithReference()
    {
        var archive = CorpusArchive.Require("corpus-tests.tar.gz");
        var disagreements = new ConcurrentQueue<string>();
        var requests = 0;
        var cases = 0;
        Parallel.ForEach(CorpusArchive.ReadCorpus(archive), test =>
        {
            var found = new List<string>();
            Interlocked.Add(ref requests, test.Check(found));
            Interlocked.Increment(ref cases);
            found.ForEach(disagreements.Enqueue);
        });

        output.WriteLine($"{cases} tests, {requests} requests, {disagreements.Count} disagreements");
        Assert.Equal((7_809, 62_472), (cases, requests));
        Assert.True(disagreements.IsEmpty, string.Join("\n", disagreements.Take(20)));
    }
}
