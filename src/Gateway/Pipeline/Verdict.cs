namespace Gateway.Pipeline;

/// <summary>What a stage says: go on, or refuse. The zero value refuses.</summary>
internal readonly struct Verdict
{
    private static readonly Refusal Fault = new(Reason.StateUnavailable, "The gateway could not process the call; it was not forwarded.");

    private readonly bool _continues;
    private readonly Refusal? _refusal;

    private Verdict(bool continues, Refusal? refusal)
    {
        _continues = continues;
        _refusal = refusal;
    }

    public static Verdict Continue { get; } = new(true, null);

    /// <summary>Null where the call goes on.</summary>
    public Refusal? Refusal => _continues ? null : _refusal ?? Fault;

    public static Verdict Refuse(Refusal refusal) => new(false, refusal);

    public static Verdict Refuse(Reason reason, string detail, string? recordDetail = null, TimeSpan? retryAfter = null) =>
        new(false, new Refusal(reason, detail, recordDetail, retryAfter));
}
