namespace Gateway.Core.Audit.Verification;

/// <summary>What was found, kept up to a limit and counted beyond it.</summary>
internal sealed class FindingList
{
    private const int Limit = 1000;

    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> Kept => _findings;

    public long Count { get; private set; }

    /// <summary>The first record that is or may be broken; null where no finding is about one.</summary>
    public long? FirstBroken { get; private set; }

    public void Add(Finding finding)
    {
        Count++;
        if (finding.First > 0)
        {
            FirstBroken = Math.Min(FirstBroken ?? long.MaxValue, finding.First);
        }

        if (_findings.Count < Limit)
        {
            _findings.Add(finding);
        }
    }
}
