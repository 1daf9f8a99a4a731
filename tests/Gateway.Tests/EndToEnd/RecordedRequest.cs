using System.Text;

namespace Gateway.Tests.EndToEnd;

/// <summary>A request as an upstream received it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">The request line's target, untouched.</param>
/// <param name="Headers">One entry per field value.</param>
/// <param name="Body">The body's bytes.</param>
internal sealed record RecordedRequest(string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    public string[] Values(string header) =>
        [.. Headers.Where(h => h.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value)];

    /// <summary>The value of a header that must occur exactly once.</summary>
    public string Value(string header) => Assert.Single(Values(header));

    /// <summary>Everything that was received, to be searched.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(Method).Append(' ').AppendLine(Target);
        foreach (var (name, value) in Headers)
        {
            text.Append(name).Append(": ").AppendLine(value);
        }

        return text.AppendLine().Append(Encoding.UTF8.GetString(Body)).ToString();
    }
}
