using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.Routing;

/// <summary>An operation as configured: <c>METHOD /path/{parameter}</c>.</summary>
internal sealed partial record OperationTemplate(string Method, IReadOnlyList<SegmentPattern> Segments)
{
    /// <summary>Equal for two operations that match exactly the same requests.</summary>
    public string Shape => $"{Method} /{string.Join('/', Segments.Select(segment => segment.Shape))}";

    /// <param name="text">The operation as configured.</param>
    /// <param name="template">The parsed operation.</param>
    /// <param name="problem">What to write instead; does not repeat the text.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out OperationTemplate? template, [NotNullWhen(false)] out string? problem)
    {
        template = null;
        var parts = text.Split(' ');
        if (parts.Length != 2 || !parts[1].StartsWith('/'))
        {
            problem = "must be a method, one space and a path: write for example \"GET /repos/{owner}/{repo}\".";
            return false;
        }

        if (!MethodShape().IsMatch(parts[0]))
        {
            problem = "must begin with an HTTP method in upper case, such as GET or POST.";
            return false;
        }

        var texts = parts[1][1..].Split('/');
        var segments = new List<SegmentPattern>(texts.Length);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < texts.Length; index++)
        {
            var last = index == texts.Length - 1;
            problem = SegmentPattern.TryParse(texts[index], out var segment, out var wrong) ? Check(segment, last, names) : wrong;
            if (segment is null || problem is not null)
            {
                problem ??= "";
                return false;
            }

            segments.Add(segment);
        }

        problem = null;
        template = new(parts[0], segments);
        return true;
    }

    private static string? Check(SegmentPattern segment, bool last, HashSet<string> names)
    {
        if (segment.Parameter is null)
        {
            return segment.Prefix.Length == 0 && !last ? "must not have an empty segment (\"//\")." : null;
        }

        return segment.IsCatchAll && !last ? $"has {{**{segment.Parameter}}} before its end: only the last segment may stand for several."
            : !names.Add(segment.Parameter) ? $"uses the parameter {{{segment.Parameter}}} twice: give each its own name."
            : null;
    }

    /// <summary>An RFC 9110 token without lower-case letters; methods are case-sensitive.</summary>
    [GeneratedRegex(@"\A[A-Z0-9!#$%&'*+.^_`|~-]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MethodShape();
}
