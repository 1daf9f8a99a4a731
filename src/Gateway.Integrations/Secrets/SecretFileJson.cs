using System.Text.Json.Serialization;

namespace Gateway.Integrations.Secrets;

[JsonSourceGenerationOptions(WriteIndented = true, AllowDuplicateProperties = false, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SortedDictionary<string, StoredSecret>))]
internal sealed partial class SecretFileJson : JsonSerializerContext;
