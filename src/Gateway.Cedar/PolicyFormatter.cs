using Gateway.Cedar.Formatting;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar;

/// <summary>Lays out policy files in one way. Keeps every token and comment; formatting twice changes nothing more.</summary>
public static class PolicyFormatter
{
    /// <summary>Formats a file of policies.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">The file, for messages.</param>
    /// <param name="lineWidth">Where lines are broken if they can be.</param>
    /// <param name="indentWidth">How many spaces a level is indented.</param>
    public static CedarResult<string> Format(string text, string fileName = "policies.cedar", int lineWidth = 80, int indentWidth = 2)
    {
        var source = new SourceText(fileName, text);
        var diagnostics = new DiagnosticList(source);
        PolicyParser.Parse(source, diagnostics);
        return diagnostics.Count > 0
            ? new(null, [.. diagnostics.InOrder()])
            : new(new PolicyLayout(source).Format(lineWidth, indentWidth), []);
    }
}
