using Gateway.Pipeline;

namespace Gateway.Tests.Pipeline;

public sealed class ReasonsTests
{
    [Theory]
    [InlineData("identity_missing", 401)]
    [InlineData("identity_invalid", 401)]
    [InlineData("proof_required", 401)]
    [InlineData("policy_denied", 403)]
    [InlineData("tool_unknown", 404)]
    [InlineData("operation_unknown", 404)]
    [InlineData("destination_forbidden", 403)]
    [InlineData("request_malformed", 400)]
    [InlineData("request_too_large", 413)]
    [InlineData("rate_limited", 429)]
    [InlineData("credential_unavailable", 503)]
    [InlineData("audit_unavailable", 503)]
    [InlineData("state_unavailable", 503)]
    [InlineData("upstream_unreachable", 502)]
    [InlineData("upstream_timeout", 504)]
    public void Status_EachReason_IsTheContracts(string name, int status)
    {
        var reason = Assert.Single(Enum.GetValues<Reason>(), r => r.Name() == name);

        Assert.Equal(status, reason.Status());
        Assert.Equal(status == 401, reason.Challenge() is not null);
        Assert.NotEmpty(reason.Title());
    }

    [Fact]
    public void Refusal_DefaultVerdict_RefusesAsAFault()
    {
        Assert.Equal(Reason.StateUnavailable, default(Verdict).Refusal?.Reason);
        Assert.Null(Verdict.Continue.Refusal);
    }
}
