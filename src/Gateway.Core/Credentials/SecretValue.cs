using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Gateway.Core.Credentials;

/// <summary>A secret. Prints redacted wherever something prints it; only <see cref="Reveal"/> gives the value.</summary>
/// <remarks>The only type that can be injected, so that "who can see a secret" is answered by the callers of <see cref="Reveal"/>.</remarks>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(SecretValueJsonConverter))]
internal sealed class SecretValue(string value)
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _value = value;

    public string Reveal() => _value;

    public override string ToString() => "[redacted]";
}
