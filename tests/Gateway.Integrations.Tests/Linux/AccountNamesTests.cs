using Gateway.Integrations.Linux;

namespace Gateway.Integrations.Tests.Linux;

public sealed class AccountNamesTests
{
    [Theory]
    [InlineData("root", 0u)]
    [InlineData("0", 0u)]
    [InlineData("54321", 54321u)]
    public void FindUser_NameOrNumber_IsTheId(string text, uint id) => Assert.Equal(id, AccountNames.FindUser(text));

    [Fact]
    public void FindUser_NameOfThisMachine_IsAsInItsDirectory()
    {
        var line = File.ReadLines("/etc/passwd").Select(l => l.Split(':')).Last(l => l.Length > 3 && l[2] != "0");

        Assert.Equal(uint.Parse(line[2]), AccountNames.FindUser(line[0]));
    }

    [Fact]
    public void FindGroup_NameOfThisMachine_IsAsInItsDirectory()
    {
        var line = File.ReadLines("/etc/group").Select(l => l.Split(':')).Last(l => l.Length > 2 && l[2] != "0");

        Assert.Equal(uint.Parse(line[2]), AccountNames.FindGroup(line[0]));
    }

    [Theory]
    [InlineData("no-such-account")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("4294967295")]
    [InlineData("99999999999")]
    public void Find_NoSuchAccount_IsNull(string text)
    {
        Assert.Null(AccountNames.FindUser(text));
        Assert.Null(AccountNames.FindGroup(text));
    }
}
