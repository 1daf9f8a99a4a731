using Gateway.Core.Identity;
using Gateway.Core.Policy;
using Gateway.Identity;

namespace Gateway.Tests.Identity;

public sealed class AgentRegistryTests
{
    private static readonly DateTimeOffset End = new(2027, 1, 31, 23, 59, 59, TimeSpan.Zero);

    [Theory]
    [InlineData("dev:known", false, null)]
    [InlineData("dev:known", true, null)]
    [InlineData("dev:Known", true, nameof(IdentityFailure.AgentUnregistered))]
    [InlineData("dev:stranger", false, null)]
    [InlineData("dev:stranger", true, nameof(IdentityFailure.AgentUnregistered))]
    public void Check_RegisteredOnly_RefusesTheRest(string agent, bool registeredOnly, string? expected) =>
        Assert.Equal(expected, Registry(registeredOnly).Check(agent, End)?.ToString());

    [Fact]
    public void Check_RegistrationEnded_RefusesFromTheNextInstant()
    {
        Assert.Null(Registry(false).Check("dev:ending", End));
        Assert.Equal(IdentityFailure.AgentExpired, Registry(false).Check("dev:ending", End.AddTicks(1)));
    }

    private static AgentRegistry Registry(bool registeredOnly) => new(
        new Dictionary<string, AgentRegistration>
        {
            ["dev:known"] = new([], new Dictionary<string, string>()),
            ["dev:ending"] = new([], new Dictionary<string, string>()) { NotAfter = End },
        },
        registeredOnly);
}
