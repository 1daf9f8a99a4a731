using System.Text.Json;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Tests.Identity.Keys;

internal static class JsonWebKeys
{
    public static SigningKey? Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonWebKeyReader.Read(document.RootElement);
    }
}
