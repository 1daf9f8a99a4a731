using System.Text;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Delivery;

namespace Gateway.Core.Tests.Audit.Delivery;

public sealed class RecordHeadlineTests
{
    private static readonly DateTimeOffset LoggedAt = Calls.Start.AddSeconds(2);

    [Fact]
    public void Read_Call_HasWhatEnvelopesSay()
    {
        var call = Calls.Allowed();

        var headline = Read(writer => writer.Write(call, 17, LoggedAt));

        Assert.Equal((6003, 1, call.Call), (headline.ClassUid, headline.Severity, headline.Uid));
        Assert.Equal((Calls.Start.ToUnixTimeMilliseconds(), LoggedAt), (headline.Time, headline.LoggedAt));
        Assert.Equal(call.TraceId, headline.Trace);
    }

    [Fact]
    public void Read_RefusedIdentity_FindsTheTraceWhereItsClassHasIt()
    {
        var headline = Read(writer => writer.Write(Calls.Unidentified("identity_invalid", 401, "dev:x"), 1, LoggedAt));

        Assert.Equal((3002, "4bf92f3577b34da6a3ce929d0e0e4736"), (headline.ClassUid, headline.Trace));
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("[1]")]
    [InlineData("{\"time\":\"x\",\"class_uid\":99999999999999999999,\"metadata\":{\"uid\":5,\"logged_time\":1.5}}")]
    [InlineData("{\"metadata\":[{\"uid\":\"x\"}],\"trace\":{\"inner\":{\"uid\":\"x\"}}}")]
    public void Read_AnythingElse_IsEmpty(string line) => Assert.Equal(default, RecordHeadline.Read(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void LoggedAt_BeyondTheCalendar_IsNull() => Assert.Null(RecordHeadline.Read("{\"time\":9223372036854775807}"u8).LoggedAt);

    private static RecordHeadline Read(Action<OcsfCallWriter> write)
    {
        var buffer = new LineBuffer(4096);
        write(new OcsfCallWriter(buffer, "1.2.3"));
        return RecordHeadline.Read(buffer.Written[..^1]);
    }
}
