using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Tasks;

/// <summary>Names one agent, or all whose ids begin alike: <c>corp:billing</c>, <c>corp:*</c>, <c>spiffe://example.org/*</c>, <c>spiffe://example.org</c>.</summary>
internal sealed record AgentPattern
{
    private const string Spiffe = "spiffe://";

    private readonly string _prefix;
    private readonly bool _isPrefix;

    private AgentPattern(string text, string prefix, bool isPrefix)
    {
        Text = text;
        _prefix = prefix;
        _isPrefix = isPrefix;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Whether no agent can have this id: half a name, whose '*' was forgotten.</summary>
    public bool NamesNobody
    {
        get
        {
            var colon = _prefix.IndexOf(':', StringComparison.Ordinal);
            var isHalf = colon < 1 || colon == _prefix.Length - 1 || (_prefix.StartsWith(Spiffe, StringComparison.Ordinal) && _prefix.EndsWith('/'));
            return isHalf && !_isPrefix;
        }
    }

    /// <summary>A trust domain alone stands for all of its workloads: no SPIFFE ID of a workload is without a path.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AgentPattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        var star = text.IndexOf('*', StringComparison.Ordinal);
        problem =
            text.Length is 0 or > 2048 || text.Any(char.IsControl) ? "must be an agent's id, or the beginning of several and '*'."
            : text == "*" ? "must name more than everybody: write the issuer's name or trust domain before the '*'."
            : star >= 0 && star != text.Length - 1 ? "may hold one '*', as its last character."
            // Half a name would suspend agents that nobody thought of: corp:bill* is also corp:billing-admin.
            : star > 0 && text[star - 1] is not ('/' or ':' or '.' or '-' or '_') ? "must have '/', ':', '.', '-' or '_' before its '*'."
            : null;
        if (problem is not null)
        {
            return false;
        }

        var isTrustDomain = text.StartsWith(Spiffe, StringComparison.Ordinal) && text.Length > Spiffe.Length && !text.AsSpan(Spiffe.Length).Contains('/') && star < 0;
        pattern = isTrustDomain ? new AgentPattern(text, text + "/", true)
            : star > 0 ? new AgentPattern(text, text[..star], true)
            : new AgentPattern(text, text, false);
        return true;
    }

    public bool Matches(string agent) => _isPrefix ? agent.StartsWith(_prefix, StringComparison.Ordinal) : agent == _prefix;

    public override string ToString() => Text;
}
