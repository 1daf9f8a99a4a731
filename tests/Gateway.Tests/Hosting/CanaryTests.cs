using System.IO.Compression;
using System.Text;
using Gateway.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Hosting;

/// <summary>A secret in every credential source, an upstream that echoes all it gets, and everything that the gateway emits.</summary>
public sealed class CanaryTests
{
    [Fact]
    public async Task Secrets_OfEverySource_AppearNowhere()
    {
        using var folder = new TemporaryFolder();
        using var files = new TemporaryFolder();
        using var issuer = new WorkloadIssuer();
        using var telemetry = new CapturedTelemetry();
        using var logs = new CapturedLogs();
        await using var upstream = await RecordingUpstream.StartAsync();
        var (fromFile, fromVariable, fromStore) = (Canary.New("file"), Canary.New("variable"), Canary.New("store"));
        const string Variable = "GATEWAY_TESTS_CANARY";
        Environment.SetEnvironmentVariable(Variable, fromVariable);
        try
        {
            await new Integrations.Secrets.EncryptedSecretStore(folder.Combine("data"), TimeProvider.System)
                .SetAsync("canary", new Core.Credentials.SecretValue(fromStore), TestContext.Current.CancellationToken);
            await using var gateway = await InProcessGateway.StartAsync(
                folder, Setup(folder, issuer, upstream, $"file:{files.Write("value", fromFile)}", $"env:{Variable}", "secret:canary"), logs);
            upstream.Answer = EchoAsync;
            var token = issuer.Token();

            var received = new StringBuilder();
            foreach (var tool in (string[])["file", "variable", "store"])
            {
                foreach (var path in (string[])["/plain", "/gzip", "/br", "/sse", "/denied", "/a//b", "/status/500"])
                {
                    using var response = await gateway.GetAsync($"/{tool}{path}", token);
                    received.AppendLine($"{response.StatusCode} {response.ReasonPhrase} {response.Headers}{response.Content.Headers}{response.TrailingHeaders}");
                    received.AppendLine(Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
                }
            }

            await gateway.DisposeAsync();
            foreach (var secret in (string[])[fromFile, fromVariable, fromStore])
            {
                Assert.Contains(upstream.Requests, r => r.Headers.Any(h => h.Value.ToString().Contains(secret, StringComparison.Ordinal)));
                Canary.AssertAbsent(secret, received.ToString(), "A response");
                Canary.AssertAbsent(secret, logs.ToString(), "The log at Trace");
                Canary.AssertAbsent(secret, telemetry.ToString(), "Telemetry");
                Canary.AssertAbsentFromFolder(secret, folder.Path);
            }

            // The agent's token is no more to be found than the credential.
            Assert.DoesNotContain(token, logs.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(token, telemetry.ToString(), StringComparison.Ordinal);
            Assert.All(upstream.Requests, r => Assert.All(r.Headers, h => Assert.DoesNotContain(token, h.Value.ToString(), StringComparison.Ordinal)));

            // Proof that the nets were out.
            Assert.Contains("echo: ", received.ToString(), StringComparison.Ordinal);
            Assert.Contains("span System.Net.Http", telemetry.ToString(), StringComparison.Ordinal);
            Assert.Contains("span Gateway forward", telemetry.ToString(), StringComparison.Ordinal);
            Assert.Contains("metric http.server.request.duration", telemetry.ToString(), StringComparison.Ordinal);
            Assert.Contains("metric gateway.calls", telemetry.ToString(), StringComparison.Ordinal);
            Assert.Contains("metric gateway.stage.duration", telemetry.ToString(), StringComparison.Ordinal);
            Assert.Contains("Trace", logs.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    private static GatewaySetup Setup(TemporaryFolder folder, WorkloadIssuer issuer, RecordingUpstream upstream, params string[] sources)
    {
        string[] names = ["file", "variable", "store"];
        return new GatewaySetup
        {
            Identity = issuer.Configure(folder),
            Tools = names.ToDictionary(n => n, n => (object)new { Path = $"/{n}", Upstream = upstream.Url, Credential = n, Operations = new { denied = "GET /denied" } }),
            Credentials = names.Zip(sources).ToDictionary(n => n.First, n => (object)new { Type = "Static", Value = n.Second, Owner = "tests", NotAfter = "2099-12-31" }),
            Policies = """
                permit (principal, action, resource) unless { context.request.path == "/denied" };
                """,
        };
    }

    /// <summary>Answers with all that it got, in headers, body and trailers, in the coding that the path asks for.</summary>
    private static async Task EchoAsync(RecordedRequest request, HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        context.Response.Headers["X-Echo"] = authorization;
        context.Response.Headers["Set-Cookie"] = $"a={authorization["Bearer ".Length..]}; Path=/";
        context.Response.StatusCode = context.Request.Path.Value!.EndsWith("500", StringComparison.Ordinal) ? 500 : 200;
        var body = Encoding.UTF8.GetBytes($"echo: {authorization} and again {authorization}\n");
        var coding = context.Request.Path.Value[1..];
        if (coding is "gzip" or "br")
        {
            context.Response.Headers.ContentEncoding = coding;
            await using Stream compressed = coding == "gzip"
                ? new GZipStream(context.Response.Body, CompressionLevel.Fastest)
                : new BrotliStream(context.Response.Body, CompressionLevel.Fastest);
            await compressed.WriteAsync(body, context.RequestAborted);
            return;
        }

        // One byte at a time, so that a secret is never in one read.
        foreach (var part in body.Chunk(coding == "sse" ? 1 : 7))
        {
            await context.Response.Body.WriteAsync(part, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
