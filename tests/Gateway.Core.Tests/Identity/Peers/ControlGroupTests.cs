using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Identity.Peers;

namespace Gateway.Core.Tests.Identity.Peers;

public sealed class ControlGroupTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string OtherId = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

    [Theory]
    [InlineData("0::/system.slice/a.service\n", "/system.slice/a.service")]
    [InlineData("0::/\n", "/")]
    [InlineData("12:memory:/docker/x\n1:name=systemd:/system.slice/a.service\n0::/\n", "/system.slice/a.service")]
    [InlineData("1:name=systemd:/system.slice/a.service\n", "/system.slice/a.service")]
    [InlineData("1:name=systemd:/system.slice/a.service\n0::/b\n", "/b")]
    [InlineData("0::/a:b\n", "/a:b")]
    public void Parse_KnownHierarchies_FindsThePath(string text, string path) => Assert.Equal(path, ControlGroup.Parse(text)?.Path);

    [Theory]
    [InlineData("")]
    [InlineData("4:memory:/a\n")]
    [InlineData("0::\n")]
    [InlineData("0::/../../system.slice\n")]
    [InlineData("4:memory:/x:name=systemd:/system.slice/a.service\n")]
    public void Parse_NoPathThatMeansAnything_IsNull(string text) => Assert.Null(ControlGroup.Parse(text));

    [Fact]
    public void Parse_AnyText_DoesNotThrow() => Prop.ForAll<string>(text =>
    {
        var group = ControlGroup.Parse(text ?? "");
        return group is null || group.Path.StartsWith('/');
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("/a/b", "/a/b", true)]
    [InlineData("/a/b/c", "/a/b", true)]
    [InlineData("/a/bc", "/a/b", false)]
    [InlineData("/a", "/a/b", false)]
    [InlineData("/A/b", "/a/b", false)]
    public void IsWithin_WholeSegmentsOnly_Counts(string path, string group, bool expected) => Assert.Equal(expected, new ControlGroup(path).IsWithin(group));

    [Theory]
    [InlineData($"/docker/{Id}")]
    [InlineData($"/system.slice/docker-{Id}.scope")]
    [InlineData($"/system.slice/docker-{Id}.scope/init/{OtherId}")]
    [InlineData($"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podabc.slice/cri-containerd-{Id}.scope")]
    [InlineData($"/kubepods/besteffort/podabc/{Id}")]
    [InlineData($"/kubepods.slice/crio-{Id}.scope/container")]
    [InlineData($"/machine.slice/libpod-{Id}.scope/container")]
    public void ContainerId_NamesOfKnownRuntimes_IsTheOutermost(string path) => Assert.Equal(Id, new ControlGroup(path).ContainerId);

    [Theory]
    [InlineData("/")]
    [InlineData("/system.slice/a.service")]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/app.slice/docker-{Id}.scope")]
    [InlineData($"/system.slice/other-{Id}.scope")]
    [InlineData($"/docker/{Id}0")]
    public void ContainerId_ElsewhereOrNamedByAUser_IsNull(string path) => Assert.Null(new ControlGroup(path).ContainerId);
}
