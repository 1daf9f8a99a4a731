using FsCheck;
using FsCheck.Fluent;
using Gateway.Integrations.Otlp;
using Gateway.Integrations.Tests.Receivers;

namespace Gateway.Integrations.Tests.Otlp;

public sealed class GrpcRetryInfoTests
{
    [Theory]
    [InlineData("0811", 17_000)]
    [InlineData("081110C0843D", 17_001)]
    [InlineData("10C0843D", 1)]
    [InlineData("", 0)]
    [InlineData("08FFFFFFFFFFFFFFFFFF01", 0)]
    [InlineData("08FFFFFFFFFFFFFFFFFF0110C0843D", 0)]
    [InlineData("08FFFFFFFFFFFFFFFF7F", 86_400_000)]
    [InlineData("08110D", 17_000)]
    public void Read_Delay_IsAWaitWithinReason(string duration, int milliseconds)
    {
        var status = GrpcAnswer.RetryInfo(Convert.FromHexString(duration));

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), GrpcRetryInfo.Read(Convert.ToBase64String(status)));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), GrpcRetryInfo.Read(Convert.ToBase64String(status).TrimEnd('=')));
    }

    [Fact]
    public void Read_NoDelay_SaysThatAnotherAttemptMayWork() =>
        Assert.Equal(TimeSpan.Zero, GrpcRetryInfo.Read(Convert.ToBase64String(GrpcAnswer.RetryInfo(null))));

    [Theory]
    [InlineData("type.googleapis.com/google.rpc.QuotaFailure")]
    [InlineData("google.rpc.RetryInfo")]
    [InlineData("type.googleapis.com/google.rpc.RetryInfo2")]
    public void Read_OtherDetails_IsNull(string type) => Assert.Null(GrpcRetryInfo.Read(Convert.ToBase64String(GrpcAnswer.RetryInfo([0x08, 17], type))));

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("no base64!")]
    [InlineData("CAgSDQ")]
    public void Read_NoStatus_IsNull(string details) => Assert.Null(GrpcRetryInfo.Read(details));

    [Fact]
    public void Read_AnyBytes_NeverThrows()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => GrpcRetryInfo.Read(Convert.ToBase64String(bytes)) is null or { Ticks: >= 0 }).QuickCheckThrowOnFailure();

        // Broken anywhere, it is still a wait within reason or none.
        var sound = GrpcAnswer.RetryInfo([0x08, 17, 0x10, 1]);
        Prop.ForAll(Gen.Choose(0, sound.Length - 1).ToArbitrary(), ArbMap.Default.ArbFor<byte>(), (at, value) =>
        {
            var broken = sound.ToArray();
            broken[at] = value;
            return GrpcRetryInfo.Read(Convert.ToBase64String(broken)) is not { } wait || (wait >= TimeSpan.Zero && wait < TimeSpan.FromDays(1.1))
                && GrpcRetryInfo.Read(Convert.ToBase64String(sound.AsSpan(0, at))) is null or { Ticks: >= 0 };
        }).QuickCheckThrowOnFailure();
    }
}
