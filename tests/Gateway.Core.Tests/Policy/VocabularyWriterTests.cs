using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Identity;
using Gateway.Core.Policy;

namespace Gateway.Core.Tests.Policy;

public sealed class VocabularyWriterTests
{
    private static readonly VocabularyWriter Vocabulary = new([new ToolVocabulary("tool", "tool.example", [], new Dictionary<string, string>(), [])], new Dictionary<string, AgentRegistration>());

    [Fact]
    public void WriteAgent_NotRegistered_HasEmptyGroupsAndLabelsAndItsClaimsAsTheyAre()
    {
        var agent = Agent("dev:x", """{"roles":["a",{"b":null}],"level":1.5,"é":true}""");

        var written = Write(json => Vocabulary.WriteAgent(json, agent));

        Assert.Equal("""{"groups":[],"issuer":"dev","method":"jwt","proofOfPossession":false,"labels":{},"claims":{"roles":["a",{"b":null}],"level":1.5,"\u00E9":true}}""", written);
    }

    [Theory]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("fe80::1%3", "fe80::1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    public void WriteContext_Address_IsPlain(string address, string expected)
    {
        var written = Write(json => VocabularyWriter.WriteContext(json, Request("/") with { SourceIp = IPAddress.Parse(address) }));

        Assert.Equal(expected, JsonDocument.Parse(written).RootElement.GetProperty("request").GetProperty("sourceIp").GetString());
    }

    [Fact]
    public void WriteContext_NothingOptional_LeavesItOut()
    {
        var written = Write(json => VocabularyWriter.WriteContext(json, Request("/")));

        Assert.Equal("""{"request":{"method":"PURGE","path":"/","query":"","contentLength":-1,"sourceIp":"127.0.0.1"},"params":{},"now":"2026-11-21T22:30:00.5Z","history":{"callsLastMinute":0,"callsLastHour":0,"deniedLastHour":0,"toolsLastHour":[]}}""", written);
    }

    [Fact]
    public void WriteAction_MethodThatNobodyForesaw_IsOfTheKindOther() =>
        Assert.Equal("""{"parents":["tool/*","other"]}""", Write(json => VocabularyWriter.WriteAction(json, Request("/"))));

    [Fact]
    public void WriteTool_OfAnotherConfiguration_Throws() =>
        Assert.Throws<KeyNotFoundException>(() => Write(json => Vocabulary.WriteTool(json, "other")));

    [Fact]
    public void WriteContext_AnyText_IsReadBackAsItWas() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        var written = Write(json => VocabularyWriter.WriteContext(json, Request(text) with { Intent = text, Query = text, Parameters = [new("p", text)] }));

        using var document = JsonDocument.Parse(written);
        var context = document.RootElement;
        var request = context.GetProperty("request");
        Assert.All(
            (JsonElement[])[request.GetProperty("path"), request.GetProperty("query"), context.GetProperty("intent"), context.GetProperty("params").GetProperty("p")],
            value => Assert.Equal(text, value.GetString()));
    }).QuickCheckThrowOnFailure();

    private static Gen<string> Texts => Gen.OneOf(Gen.Choose(0, 0xD7FF), Gen.Choose(0xE000, 0x10FFFF), Gen.Elements<int>('"', '\\', '\n', '\0'))
        .ListOf()
        .Select(runes => string.Concat(runes.Select(r => new Rune(r).ToString())));

    private static AgentIdentity Agent(string id, string claims) => new()
    {
        Id = id,
        Issuer = "dev",
        Method = "jwt",
        ExpiresAt = DateTimeOffset.UnixEpoch,
        TokenId = "never-written",
        Claims = JsonDocument.Parse(claims).RootElement.EnumerateObject().ToDictionary(c => c.Name, c => c.Value),
    };

    private static AuthorizationRequest Request(string path) => new()
    {
        CallId = "never-written",
        Agent = Agent("dev:x", "{}"),
        Tool = "tool",
        Operation = "PURGE",
        Method = "PURGE",
        Path = path,
        Query = "",
        ContentLength = -1,
        SourceIp = IPAddress.Loopback,
        Now = new DateTimeOffset(2026, 11, 21, 23, 30, 0, 500, TimeSpan.FromHours(1)),
    };

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
