using System.Text;

namespace Gateway.Integrations.Tests.Receivers;

/// <param name="Target">Method, path and query.</param>
/// <param name="Headers">By name.</param>
/// <param name="Body">Decompressed.</param>
internal sealed record ReceivedRequest(string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
