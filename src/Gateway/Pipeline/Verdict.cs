using Gateway.Tasks;

namespace Gateway.Pipeline;

/// <summary>What a stage says: go on, or refuse. The zero value refuses.</summary>
internal readonly struct Verdict
{
    private static readonly Refusal Fault = new(Reason.StateUnavailable, "The gateway could not process the call; it was not forwarded.");

    private readonly bool _continues;
    private readonly Refusal? _refusal;

    private Verdict(bool continues, Refusal? refusal, bool answered = false)
    {
        _continues = continues;
        IsAnswered = answered;
        _refusal = refusal;
    }

    public static Verdict Continue { get; } = new(true, null);

    /// <summary>The stage has answered the agent itself; no other stage runs.</summary>
    public static Verdict Answered { get; } = new(true, null, answered: true);

    public bool IsAnswered { get; }

    /// <summary>Null where the call goes on, or is answered.</summary>
    public Refusal? Refusal => _continues ? null : _refusal ?? Fault;

    public static Verdict Refuse(Refusal refusal) => new(false, refusal);

    /// <param name="body">What is wrong with the call's body; null refuses as a fault.</param>
    public static Verdict Refuse(BodyProblem? body) =>
        body is null ? default : Refuse(body.IsTooLarge ? Reason.RequestTooLarge : Reason.RequestMalformed, body.Detail);

    public static Verdict Refuse(Reason reason, string detail, string? recordDetail = null, TimeSpan? retryAfter = null) =>
        new(false, new Refusal(reason, detail, recordDetail, retryAfter));
}
