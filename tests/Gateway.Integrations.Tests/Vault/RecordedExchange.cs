using System.Text.Json.Nodes;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>What a real Vault answered, as recorded in the vectors.</summary>
internal sealed record RecordedExchange(string Name, string Method, string Path, string? Token, JsonObject? Body, int Status, JsonObject? Answer)
{
    /// <summary>All of them, in the order of the recording; skips the test where the vectors are not there.</summary>
    public static IReadOnlyList<RecordedExchange> ReadAll()
    {
        var file = System.IO.Path.Combine(Vectors(), "vault", "exchanges.json");
        Assert.SkipUnless(File.Exists(file), "The vectors are neither at GATEWAY_VECTORS nor at ../shared/vectors.");
        return [.. JsonNode.Parse(File.ReadAllText(file))!["exchanges"]!.AsArray().Select(e => Read(e!))];
    }

    private static string Vectors()
    {
        if (Environment.GetEnvironmentVariable("GATEWAY_VECTORS") is { Length: > 0 } configured)
        {
            return configured;
        }

        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(System.IO.Path.Combine(directory.FullName, "Gateway.sln")))
        {
            directory = directory.Parent;
        }

        return System.IO.Path.Combine(directory?.FullName ?? "", "..", "shared", "vectors");
    }

    private static RecordedExchange Read(JsonNode exchange)
    {
        var (request, response) = (exchange["request"]!, exchange["response"]!);
        var method = request["method"]!.ToString();
        return new RecordedExchange(
            exchange["name"]!.ToString(),
            method == "PUT" ? "POST" : method,
            request["path"]!.ToString()["/v1/".Length..],
            request["headers"]!["X-Vault-Token"]?.ToString(),
            request["body"] as JsonObject,
            response["status"]!.GetValue<int>(),
            response["body"] as JsonObject);
    }
}
