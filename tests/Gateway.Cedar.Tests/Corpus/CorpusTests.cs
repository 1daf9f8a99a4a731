using System.Collections.Concurrent;
using System.Text.Json;

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

    [Fact]
    public void Validate_CorpusPolicies_GiveTheReferencesVerdict()
    {
        var archive = CorpusArchive.Require("corpus-tests.tar.gz");
        var disagreements = new ConcurrentQueue<string>();
        var cases = 0;
        Parallel.ForEach(CorpusArchive.ReadCorpus(archive), test =>
        {
            Interlocked.Increment(ref cases);
            var schema = CedarSchema.Parse(test.Schema, test.Name + ".cedarschema").GetValueOrThrow();
            var findings = schema.Validate(PolicySet.Parse(test.Policies, test.Name + ".cedar").GetValueOrThrow());
            var isValid = findings.All(finding => finding.IsWarning);
            if (isValid != test.ShouldValidate)
            {
                disagreements.Enqueue($"{test.Name}: expected {test.ShouldValidate}, got {string.Join("\n", findings)}");
            }
        });

        output.WriteLine($"{cases} verdicts, {disagreements.Count} disagreements");
        Assert.Equal(7_809, cases);
        Assert.True(disagreements.IsEmpty, $"{disagreements.Count}\n" + string.Join("\n", disagreements.Take(20)));
    }

    [Fact]
    public void ToJson_CorpusSchemas_AreTheSameSchemas()
    {
        var archive = CorpusArchive.Require("corpus-tests.tar.gz");
        var disagreements = new ConcurrentQueue<string>();
        Parallel.ForEach(CorpusArchive.ReadCorpus(archive), test =>
        {
            var schema = CedarSchema.Parse(test.Schema).GetValueOrThrow();
            var read = CedarSchema.ParseJson(schema.ToJson()).GetValueOrThrow();
            var policies = PolicySet.Parse(test.Policies).GetValueOrThrow();
            if (read.ToJson() != schema.ToJson() || !read.Validate(policies).Select(d => d.Message).SequenceEqual(schema.Validate(policies).Select(d => d.Message)))
            {
                disagreements.Enqueue(test.Schema);
            }
        });

        Assert.True(disagreements.IsEmpty, string.Join("\n", disagreements.Take(5)));
    }

    [Fact]
    public void Format_CorpusPolicies_KeepsTheirMeaningAndIsIdempotent()
    {
        var archive = CorpusArchive.Require("corpus-tests.tar.gz");
        var disagreements = new ConcurrentQueue<string>();
        Parallel.ForEach(CorpusArchive.ReadCorpus(archive), test =>
        {
            var formatted = PolicyFormatter.Format(test.Policies).GetValueOrThrow();
            var before = PolicySet.Parse(test.Policies).GetValueOrThrow();
            if (PolicySet.Parse(formatted).GetValueOrThrow().ToJson() != before.ToJson()
                || PolicySet.ParseJson(before.ToJson()).GetValueOrThrow().ToJson() != before.ToJson()
                || PolicyFormatter.Format(formatted).GetValueOrThrow() != formatted)
            {
                disagreements.Enqueue(test.Policies);
            }
        });

        Assert.True(disagreements.IsEmpty, string.Join("\n", disagreements.Take(5)));
    }

    [Fact]
    public void Authorize_HandwrittenRequests_AgreeWithReference()
    {
        var archive = CorpusArchive.Require("handwritten-tests.tar.gz");
        var files = CorpusArchive.ReadFiles(archive).ToDictionary(file => file.Path, file => file.Text);
        var disagreements = new List<string>();
        var requests = 0;
        foreach (var (path, text) in files.Where(file => file.Key.StartsWith("tests/", StringComparison.Ordinal) && file.Key.EndsWith(".json", StringComparison.Ordinal)))
        {
            using var test = JsonDocument.Parse(text);
            string File(string property) => files[test.RootElement.GetProperty(property).GetString()!];
            requests += new CorpusCase(path, text, File("policies"), File("schema"), File("entities")).Check(disagreements);
        }

        output.WriteLine($"{requests} requests, {disagreements.Count} disagreements");
        Assert.Equal(74, requests);
        Assert.True(disagreements.Count == 0, string.Join("\n", disagreements.Take(20)));
    }
}
