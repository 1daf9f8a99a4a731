using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Core.Credentials;

/// <summary>Keeps a secret out of anything that is serialized, and refuses to take one from JSON.</summary>
internal sealed class SecretValueJsonConverter : JsonConverter<SecretValue>
{
    public override SecretValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A secret is never read from JSON.");

    public override void Write(Utf8JsonWriter writer, SecretValue value, JsonSerializerOptions options) =>
        writer.WriteStringValue("[redacted]");
}
