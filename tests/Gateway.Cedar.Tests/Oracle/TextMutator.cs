namespace Gateway.Cedar.Tests.Oracle;

/// <summary>Breaks text in the ways that people and fuzzers do.</summary>
internal sealed class TextMutator(Random random)
{
    private static readonly string[] Pieces =
    [
        "&&", "||", "==", "!=", "=", "<", ">=", "!", "!!!!!", "-", "--", "+", "*", "/", "%", "(", ")", "[", "]", "{", "}", ",", ";", ".", "::", ":", "?",
        "@x", "@x(\"y\")", "\"s\"", "\"\\q\"", "\"\\u{D800}\"", "\"", "\\", "if", "then", "else", "in", "is", "has", "like", "true", "false", "__cedar",
        "principal", "action", "resource", "context", "?principal", "?resource", "?x", "permit", "forbid", "when", "unless", "9223372036854775808",
        "18446744073709551616", "1", "//c\n", "/*", "'", "\u00e9", "#", "$", "User", "ip(\"1.1.1.1\")", "foo()", ".contains(1)", ".isEmpty()", "Set<Long>",
        "entity", "namespace N {", "tags", "enum [\"a\"]", "type T = Long;", "appliesTo", "\t", "\n", "\r", "\0",
    ];

    public string Mutate(string text)
    {
        for (var count = random.Next(4) == 0 ? 2 : 1; count > 0; count--)
        {
            var at = random.Next(text.Length + 1);
            var length = Math.Min(random.Next(1, 4), text.Length - at);
            text = random.Next(6) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(at, length)),
                2 => text.Remove(at, length).Insert(at, Pick()),
                3 => ReplaceToken(text),
                4 => text.Insert(at, Pick("\n", " ", "//c\n", "\t", "(", "-", "!", ",")),
                _ => text.Insert(at, $" {Pick()} "),
            };
        }

        return text;
    }

    private string ReplaceToken(string text)
    {
        var words = text.Split(' ');
        words[random.Next(words.Length)] = Pick();
        return string.Join(' ', words);
    }

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];

    private string Pick() => Pieces[random.Next(Pieces.Length)];
}
