using System.Text;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar;

/// <summary>One mistake in a policy, schema or entity file: where it is, what is wrong and what was expected.</summary>
public sealed class Diagnostic
{
    // A file may be one long line; what is shown of it is a window around the mistake.
    private const int ShownBefore = 80;
    private const int ShownInAll = 140;

    private readonly SourceText _source;

    internal Diagnostic(SourceText source, SourceSpan span, string message, string? policyId = null, DiagnosticKind kind = DiagnosticKind.Mistake, bool isWarning = false)
    {
        _source = source;
        Position = source.PositionOf(span.Start);
        Length = span.Length;
        Message = message;
        PolicyId = policyId;
        Kind = kind;
        IsWarning = isWarning;
    }

    private Diagnostic(Diagnostic original, string message, bool isWarning)
    {
        _source = original._source;
        Position = original.Position;
        Length = original.Length;
        PolicyId = original.PolicyId;
        Kind = original.Kind;
        Attribute = original.Attribute;
        AttributeOwner = original.AttributeOwner;
        Message = message;
        IsWarning = isWarning;
    }

    internal Diagnostic(SourcePosition position, string message)
    {
        _source = SourceText.None;
        Position = position;
        Message = message;
    }

    /// <summary>The place of the first wrong character.</summary>
    public SourcePosition Position { get; }

    /// <summary>The file, as the caller named it.</summary>
    public string File => Position.File;

    /// <summary>The line, from 1.</summary>
    public int Line => Position.Line;

    /// <summary>The column, from 1, in UTF-16 units.</summary>
    public int Column => Position.Column;

    /// <summary>How many characters are wrong; 0 where that is not known.</summary>
    public int Length { get; }

    /// <summary>What is wrong, and what to write instead where that is known.</summary>
    public string Message { get; }

    /// <summary>The whole source line; empty where the mistake has no line, as in a JSON document.</summary>
    public string SourceLine => _source.LineText(Line);

    /// <summary>The policy concerned, where the mistake was found by validation; else null.</summary>
    public string? PolicyId { get; }

    /// <summary>What kind of finding it is.</summary>
    public DiagnosticKind Kind { get; }

    /// <summary>The name of the attribute concerned; null where the finding is about none.</summary>
    public string? Attribute { get; internal init; }

    /// <summary>The expression whose attribute it is, such as <c>context.params</c>; null where the finding is about none.</summary>
    public string? AttributeOwner { get; internal init; }

    /// <summary>True where the input is legal but almost certainly not what was meant.</summary>
    public bool IsWarning { get; }

    /// <summary>The same finding as its user judges it.</summary>
    public Diagnostic With(string message, bool isWarning) => new(this, message, isWarning);

    /// <summary><c>file:line:column: error: message</c>, then the source line and a line of carets.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Position).Append(IsWarning ? ": warning: " : ": error: ");
        if (PolicyId is not null)
        {
            text.Append("policy `").Append(PolicyId).Append("`: ");
        }

        text.Append(Message);
        var line = SourceLine;
        if (line.Length > 0)
        {
            AppendLine(text, line);
        }

        return text.ToString();
    }

    private void AppendLine(StringBuilder text, string line)
    {
        var start = Column <= ShownBefore ? 0 : Column - 1 - (ShownBefore / 2);
        var end = Math.Min(line.Length, start + ShownInAll);
        text.Append("\n    ").Append(line, start, end - start).Append("\n    ");
        for (var i = start; i < Column - 1 && i < end; i++)
        {
            text.Append(line[i] == '\t' ? '\t' : ' ');
        }

        text.Append('^', Math.Clamp(end - Column + 1, 1, Math.Max(1, Length)));
    }
}
