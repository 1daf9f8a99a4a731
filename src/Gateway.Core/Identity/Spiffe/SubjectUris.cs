using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Core.Identity.Spiffe;

/// <summary>The URIs among a certificate's subject alternative names (RFC 5280, section 4.2.1.6), which the platform does not list.</summary>
internal static class SubjectUris
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <exception cref="AsnContentException">The extension is not what it says it is.</exception>
    public static IReadOnlyList<string> Read(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        foreach (var extension in certificate.Extensions.Where(e => e.Oid?.Value == SubjectAlternativeName))
        {
            var reader = new AsnReader(extension.RawData, AsnEncodingRules.DER);
            var names = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(Uri))
                {
                    uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }
        }

        return uris;
    }
}
