using System.Text.Json;
using Gateway.Core.Credentials;
using Gateway.Core.Tasks;
using Gateway.Hosting;

namespace Gateway.Tasks;

/// <summary>Tasks and receipts as the two APIs answer them.</summary>
internal static class TaskJson
{
    public static void Write(Utf8JsonWriter json, TaskDefinition task, TaskEnd? end, int? calls)
    {
        json.WriteStartObject();
        json.WriteString("id", task.Id);
        json.WriteString("agent", task.Agent);
        json.WriteString("purpose", task.Purpose);
        json.WriteString("startedAt", task.StartedAt.UtcDateTime);
        json.WriteString("expiresAt", task.ExpiresAt.UtcDateTime);
        WriteList(json, "tools", task.Tools);
        WriteList(json, "scopes", task.Scopes);
        WriteOptional(json, "user", task.User);
        WriteOptional(json, "parent", task.Parent);
        WriteOptional(json, "transaction", task.Transaction);
        WriteList(json, "chain", task.Chain);
        json.WriteNumber("depth", task.Depth);
        json.WriteString("status", end is null ? "running" : "ended");
        if (calls is { } count)
        {
            json.WriteNumber("calls", count);
        }

        if (end is not null)
        {
            json.WriteString("endedAt", end.At.UtcDateTime);
            json.WriteString("reason", end.Reason.Name());
            WriteOptional(json, "detail", end.Detail);
        }

        json.WriteEndObject();
    }

    /// <summary>The receipt that is signed.</summary>
    public static byte[] Unsigned(TaskReceipt receipt)
    {
        using var unsigned = new MemoryStream();
        using (var json = new Utf8JsonWriter(unsigned))
        {
            json.WriteStartObject();
            WriteReceipt(json, receipt);
            json.WriteEndObject();
        }

        return unsigned.ToArray();
    }

    /// <summary>The receipt with a signature over itself: a JWS whose payload is the same object without it.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="receipt">The receipt.</param>
    /// <param name="signature">The JWS; null, which is written as such, where nobody signs now.</param>
    public static void Write(Utf8JsonWriter json, TaskReceipt receipt, string? signature)
    {
        json.WriteStartObject();
        WriteReceipt(json, receipt);
        json.WriteString("signature", signature);
        json.WriteEndObject();
    }

    private static void WriteReceipt(Utf8JsonWriter json, TaskReceipt receipt)
    {
        json.WriteString("task", receipt.Task.Id);
        json.WriteString("agent", receipt.Task.Agent);
        json.WriteString("purpose", receipt.Task.Purpose);
        json.WriteString("startedAt", receipt.Task.StartedAt.UtcDateTime);
        json.WriteString("endedAt", receipt.End.At.UtcDateTime);
        json.WriteString("reason", receipt.End.Reason.Name());
        WriteOptional(json, "detail", receipt.End.Detail);
        json.WriteStartArray("leases");
        foreach (var lease in receipt.Leases)
        {
            WriteLease(json, lease);
        }

        json.WriteEndArray();
        json.WriteString("asOf", receipt.AsOf.UtcDateTime);
    }

    private static void WriteLease(Utf8JsonWriter json, LeaseAccount lease)
    {
        json.WriteStartObject();
        json.WriteString("id", lease.Id);
        json.WriteString("credential", lease.Key.Credential);
        json.WriteString("tool", lease.Key.Tool);
        json.WriteString("issuedAt", lease.IssuedAt.UtcDateTime);
        json.WriteNumber("uses", lease.Uses);
        if (!lease.UsesAreExact)
        {
            // The gateway was killed while the lease lived.
            json.WriteBoolean("usesAreExact", false);
        }

        json.WriteString("revocation", LeaseJournal.Name(lease.Revocation));
        if (lease.ResidualExpiry is { } residual)
        {
            json.WriteString("residualExpiry", residual.UtcDateTime);
        }

        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
