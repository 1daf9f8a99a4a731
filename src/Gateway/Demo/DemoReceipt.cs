using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Demo;

/// <summary>The receipt of the demo's task, read as whoever distrusts the gateway would: by the public half of its audit key alone.</summary>
/// <param name="body">As the gateway answered it.</param>
/// <param name="publicKey">The file <c>audit-key.pub</c>.</param>
internal sealed class DemoReceipt(JsonObject body, string publicKey)
{
    public JsonObject Body => body;

    /// <summary>Whether the signature is one over this very receipt.</summary>
    public bool Verifies
    {
        get
        {
            var parts = ((string?)body["signature"] ?? "").Split('.');
            if (parts.Length != 3)
            {
                return false;
            }

            using var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(publicKey));
            var unsigned = body.DeepClone().AsObject();
            unsigned.Remove("signature");
            return JsonNode.DeepEquals(JsonNode.Parse(Base64Url.DecodeFromChars(parts[1])), unsigned)
                && key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256);
        }
    }

    /// <summary>Whether the one credential that the task had is accounted for: used for both calls that were allowed, and revoked.</summary>
    public bool IsAsExpected(string task) =>
        Verifies
        && (string?)body["task"] == task
        && (string?)body["reason"] == "completed"
        && body["leases"] is JsonArray and [JsonObject lease]
        && lease["uses"]?.GetValue<int>() == DemoCalls.InTask.Count(c => c.Reason is null)
        && (string?)lease["revocation"] == "confirmed";
}
