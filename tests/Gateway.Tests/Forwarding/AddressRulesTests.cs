using System.Net;
using Gateway.Forwarding;

namespace Gateway.Tests.Forwarding;

public sealed class AddressRulesTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.63.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::808:808")]
    public void Allows_PublicAddress_True(string address) => Assert.True(new AddressRules([]).Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("2001:db8::1")]
    [InlineData("::127.0.0.1")]
    public void Allows_SpecialAddress_FalseUnlessListed(string address)
    {
        var parsed = IPAddress.Parse(address);
        Assert.False(new AddressRules([]).Allows(parsed));
    }

    [Fact]
    public void Allows_ListedNetwork_OnlyThatNetwork()
    {
        var rules = new AddressRules([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")]);

        Assert.True(rules.Allows(IPAddress.Parse("10.9.8.7")));
        Assert.True(rules.Allows(IPAddress.Parse("::ffff:10.9.8.7")));
        Assert.True(rules.Allows(IPAddress.Parse("fd12::1")));
        Assert.False(rules.Allows(IPAddress.Parse("192.168.0.1")));
    }
}
