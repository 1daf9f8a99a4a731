using System.Security.Cryptography;
using System.Text;
using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary>The policies of one directory as they were read: all sound, or a list of what is not.</summary>
internal sealed class PolicyFiles
{
    /// <summary>For a gateway whose policies are elsewhere.</summary>
    public static readonly PolicyFiles None = new(PolicySet.Empty, "", []);

    private PolicyFiles(PolicySet set, string version, IReadOnlyList<string> problems)
    {
        Set = set;
        Version = version;
        Problems = problems;
    }

    /// <summary>Empty where <see cref="Problems"/> is not.</summary>
    public PolicySet Set { get; }

    /// <summary>"sha256:" and the first 16 hexadecimal digits of the hash over the files' names and texts.</summary>
    public string Version { get; }

    /// <summary>Every mistake with file, line, column and the line itself.</summary>
    public IReadOnlyList<string> Problems { get; }

    public int Count => Set.Policies.Length;

    /// <summary>Reads <c>*.cedar</c>, in the order of their names, as one set; an <c>@id</c> annotation names its policy.</summary>
    /// <param name="directory">An absolute path. One that cannot be read is a problem, not an exception.</param>
    public static PolicyFiles Read(string directory)
    {
        try
        {
            var sources = Directory.EnumerateFiles(directory, "*.cedar")
                .Order(StringComparer.Ordinal)
                .Select(path => new PolicySource(path, File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true))))
                .ToArray();
            return Parse(sources);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new PolicyFiles(PolicySet.Empty, "", [$"{directory}: cannot be read ({exception.Message})"]);
        }
        catch (DecoderFallbackException)
        {
            return new PolicyFiles(PolicySet.Empty, "", [$"{directory}: a policy file is not UTF-8"]);
        }
    }

    public static PolicyFiles Parse(IReadOnlyList<PolicySource> sources)
    {
        var result = PolicySet.Parse(sources, PolicyIds.Annotation);
        return result.Succeeded
            ? new PolicyFiles(result.Value, Hash(sources), AnnotationProblems(result.Value))
            : new PolicyFiles(PolicySet.Empty, "", [.. result.Diagnostics.Select(d => d.ToString())]);
    }

    private static string Hash(IReadOnlyList<PolicySource> sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var source in sources)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(source.Name)}\0{source.Text}\0"));
        }

        return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}";
    }

    private static string[] AnnotationProblems(PolicySet set) =>
        [.. set.Policies.SelectMany(p => PolicyObligations.Check(p).Select(problem => $"{p.Position}: error: policy `{p.Id}`: {problem}"))];
}
