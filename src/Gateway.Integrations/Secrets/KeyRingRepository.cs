using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Gateway.Integrations.Secrets;

/// <summary>Keeps Data Protection's keys in files that only the gateway's user may read, on disk before anything is encrypted with them.</summary>
internal sealed class KeyRingRepository(string directory) : IXmlRepository
{
    private const string Pattern = "*.xml";

    public string Directory { get; } = directory;

    /// <summary>Whether there is any key.</summary>
    public bool IsEmpty => !System.IO.Directory.Exists(Directory) || !System.IO.Directory.EnumerateFiles(Directory, Pattern).Any();

    public IReadOnlyCollection<XElement> GetAllElements() => System.IO.Directory.Exists(Directory)
        ? [.. System.IO.Directory.EnumerateFiles(Directory, Pattern).Order(StringComparer.Ordinal).Select(file => XElement.Load(file))]
        : [];

    public void StoreElement(XElement element, string friendlyName)
    {
        PrivateFile.CreateDirectory(Directory);
        var name = friendlyName.Length > 0 && friendlyName.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? friendlyName
            : Guid.NewGuid().ToString();
        PrivateFile.Replace(Path.Combine(Directory, name + ".xml"), stream => element.Save(stream));
    }

    /// <summary>Why the ring must not or cannot be used, with the remedy; null where it is fine.</summary>
    public string? FindProblem()
    {
        if (!System.IO.Directory.Exists(Directory))
        {
            return null;
        }

        if (PrivateFile.IsShared(Directory))
        {
            return $"the key ring is readable by others than its owner: chmod 700 {Directory}";
        }

        foreach (var file in System.IO.Directory.EnumerateFiles(Directory, Pattern))
        {
            if (PrivateFile.IsShared(file))
            {
                return $"a key is readable by others than its owner: chmod 600 {file}";
            }

            try
            {
                XElement.Load(file);
            }
            catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
            {
                return $"the key {file} is damaged or not the gateway's user's: restore it from a backup.";
            }
        }

        return null;
    }
}
