using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Audit;

namespace Gateway.Core.Tests.Audit;

public sealed class OcsfCallWriterProperties(ITestOutputHelper output)
{
    private static readonly string?[] Reasons =
        [null, "policy_denied", "identity_invalid", "identity_missing", "proof_required", "upstream_timeout", "credential_unavailable", "other"];

    [Fact]
    public void Write_AnyRecord_YieldsOneValidLineThatTellsAgentToolAndPath()
    {
        OcsfSchemas.SkipWhereMissing();
        var buffer = new LineBuffer(16);
        var writer = new OcsfCallWriter(buffer, "1.0.0");
        var seed = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"Seed: {seed}");

        foreach (var call in Generator().Sample(60, new Rnd(seed), 400))
        {
            buffer.CutTo(0);
            writer.Write(call, 7, call.StartedAt);
            var line = Encoding.UTF8.GetString(buffer.Written);
            Assert.Equal(line.Length - 1, line.IndexOf('\n'));
            Assert.Empty(OcsfSchemas.Validate(line));

            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var isAuthentication = root.GetProperty("class_uid").GetInt32() == 3002;
            Assert.Equal(Written(call.Path, OcsfLimits.Path), root.GetProperty("http_request").GetProperty("url").GetProperty("path").GetString());
            if (isAuthentication)
            {
                Assert.Equal(Written(call.Agent ?? call.ClaimedAgent, OcsfLimits.Agent), Text(root.GetProperty("user"), "uid"));
                Assert.Equal(Written(call.Tool, OcsfLimits.Identifier), Text(root.GetProperty("unmapped").GetProperty("gateway"), "tool"));
            }
            else
            {
                Assert.Equal(Written(call.Agent, OcsfLimits.Agent), Text(root.GetProperty("actor"), "app_uid"));
                Assert.Equal(
                    Written(call.Tool, OcsfLimits.Identifier),
                    root.GetProperty("api").TryGetProperty("service", out var service) ? Text(service, "name") : null);
            }
        }
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>What of a value must come back: all up to the limit, with the replacement character for what is no character.</summary>
    private static string? Written(string? value, int limit)
    {
        if (value?.Length > limit)
        {
            value = value[..(char.IsHighSurrogate(value[limit - 1]) ? limit - 1 : limit)];
        }

        return value is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value));
    }

    private static Gen<CallRecord> Generator()
    {
        // Every UTF-16 code unit, so that control characters and lone surrogates are common.
        var character = Gen.OneOf(Gen.Choose(0, 0x7f), Gen.Choose(0, 0xffff), Gen.Choose(0xd800, 0xdfff)).Select(code => (char)code);
        var shortText = Gen.ArrayOf(character).Select(characters => new string(characters));
        var text = Gen.Frequency((20, shortText), (1, shortText.Select(value => string.Concat(Enumerable.Repeat(value + "\ud83d\ude00", 3000)))));
        var maybe = Gen.OneOf(Gen.Constant<string?>(null), text.Select(value => (string?)value));
        var texts = Gen.ArrayOf(text);
        var number = Gen.Choose(int.MinValue, int.MaxValue);
        var time = Gen.Choose(0, 100).Select(part => new DateTimeOffset(DateTimeOffset.MaxValue.Ticks / 100 * part, TimeSpan.Zero));
        var address = Gen.OneOf(
            Gen.ArrayOf(Gen.Choose(0, 255), 4).Select(bytes => new IPAddress([.. bytes.Select(value => (byte)value)])),
            Gen.ArrayOf(Gen.Choose(0, 255), 16).Select(bytes => new IPAddress([.. bytes.Select(value => (byte)(value % 3 == 0 ? 0 : value))], 7)),
            Gen.Elements(IPAddress.Parse("1:2:3:4:0:5efe:255.255.255.255"), IPAddress.Parse("::ffff:1.2.3.4"), IPAddress.Parse("::1.2.3.4"), IPAddress.IPv6Any));
        Uri?[] destinations = [null, new("https://api.example"), new("http://[::1]:9"), new("http://10.0.0.1:65535"), new("https://bücher.example"), new("/relative", UriKind.Relative)];

        return
            from strings in Gen.ArrayOf(text, 4)
            from optional in Gen.ArrayOf(maybe, 16)
            from lists in Gen.ArrayOf(texts, 4)
            from numbers in Gen.ArrayOf(number, 6)
            from times in Gen.ArrayOf(time, 5)
            from source in address
            from destination in Gen.Elements(destinations)
            from reason in Gen.Elements(Reasons)
            from flags in Gen.ArrayOf(Gen.Elements(true, false), 3)
            select new CallRecord
            {
                Call = strings[0],
                Path = strings[1],
                Method = flags[2] ? "GET" : strings[2],
                HttpVersion = strings[3],
                StartedAt = times[0],
                Duration = TimeSpan.FromTicks((long)numbers[0] * numbers[1]),
                UpstreamDuration = flags[0] ? TimeSpan.FromTicks(numbers[2]) : null,
                Forwarded = flags[0],
                ProofOfPossession = flags[1],
                Status = numbers[3],
                SourcePort = numbers[4],
                RequestBytes = flags[1] ? numbers[5] : null,
                ResponseBytes = flags[2] ? long.MaxValue : null,
                SourceIp = source,
                Destination = destination,
                Reason = reason,
                Detail = optional[0],
                Agent = optional[1],
                ClaimedAgent = optional[2],
                Issuer = optional[3],
                IdentityMethod = optional[4],
                TokenId = optional[5],
                Tool = optional[6],
                Operation = optional[7],
                Decision = optional[8],
                PolicyVersion = optional[9],
                PolicyMode = optional[10],
                Credential = optional[11],
                Lease = optional[12],
                LeaseFingerprint = optional[13],
                LeaseScope = optional[14],
                Intent = optional[15],
                TraceId = optional[0],
                ToolLabels = lists[0],
                ParameterNames = lists[1],
                Policies = lists[2],
                PolicyErrors = lists[3],
                TokenIssuedAt = times[1],
                TokenExpiresAt = flags[0] ? times[2] : null,
                LeaseIssuedAt = times[3],
                LeaseExpiresAt = flags[1] ? times[4] : null,
            };
    }
}
