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

    /// <summary>The first file or directory of the ring that others may read; null where there is none.</summary>
    public string? FindShared()
    {
        if (!System.IO.Directory.Exists(Directory))
        {
            return null;
        }

        return PrivateFile.IsShared(Directory)
            ? Directory
            : System.IO.Directory.EnumerateFiles(Directory, Pattern).FirstOrDefault(PrivateFile.IsShared);
    }
}
