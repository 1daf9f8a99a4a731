using System.Text;

namespace Gateway.Cedar.Formatting;

/// <summary>Prints a layout: a group goes on one line if that fits and nothing in it forces a break.</summary>
internal sealed class LayoutPrinter(int lineWidth, int indentWidth)
{
    private readonly StringBuilder _text = new();
    private readonly Stack<(Layout Layout, int Indent, bool IsFlat)> _pending = new();
    private int _column;
    private bool _isLineStart = true;

    public string Print(Layout layout)
    {
        _pending.Push((layout, 0, false));
        while (_pending.TryPop(out var next))
        {
            PrintOne(next.Layout, next.Indent, next.IsFlat);
        }

        return _text.ToString();
    }

    private void PrintOne(Layout layout, int indent, bool isFlat)
    {
        switch (layout)
        {
            case Layout.Text text when !(_isLineStart && string.IsNullOrWhiteSpace(text.Value)):
                _text.Append(text.Value);
                _column += text.Value.Length;
                _isLineStart = false;
                break;
            case Layout.Break { IsForced: false } line when isFlat:
                _text.Append(line.Flat);
                _column += line.Flat.Length;
                break;
            case Layout.Break:
                BreakLine(indent);
                break;
            case Layout.EmptyLine:
                BreakLine(0);
                _text.Append('\n');
                break;
            case Layout.Indented indented:
                _pending.Push((indented.Content, indent + indentWidth, isFlat));
                break;
            case Layout.Group group:
                _pending.Push((group.Content, indent, isFlat || Fits(group.Content)));
                break;
            case Layout.Sequence sequence:
                for (var i = sequence.Parts.Length - 1; i >= 0; i--)
                {
                    _pending.Push((sequence.Parts[i], indent, isFlat));
                }

                break;
        }
    }

    // Breaks may meet, as behind a comment; one line end is enough.
    private void BreakLine(int indent)
    {
        while (_text.Length > 0 && _text[^1] == ' ')
        {
            _text.Length--;
        }

        if (!_isLineStart)
        {
            _text.Append('\n');
        }

        _text.Append(' ', indent);
        _column = indent;
        _isLineStart = true;
    }

    // What follows the group up to the next possible break is not counted: a closing sign may stand out a little.
    private bool Fits(Layout content)
    {
        var room = lineWidth - _column;
        var pending = new Stack<Layout>();
        pending.Push(content);
        while (pending.TryPop(out var layout))
        {
            switch (layout)
            {
                case Layout.Text text:
                    room -= text.Value.Length;
                    break;
                case Layout.Break { IsForced: true }:
                    return false;
                case Layout.Break line:
                    room -= line.Flat.Length;
                    break;
                case Layout.Indented indented:
                    pending.Push(indented.Content);
                    break;
                case Layout.Group group:
                    pending.Push(group.Content);
                    break;
                case Layout.Sequence sequence:
                    for (var i = sequence.Parts.Length - 1; i >= 0; i--)
                    {
                        pending.Push(sequence.Parts[i]);
                    }

                    break;
            }

            if (room < 0)
            {
                return false;
            }
        }

        return true;
    }
}
