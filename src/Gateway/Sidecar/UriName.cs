using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Sidecar;

/// <summary>The URI that names a certificate's holder, as an X.509-SVID has it.</summary>
internal static class UriName
{
    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>uniformResourceIdentifier, RFC 5280, section 4.2.1.6.</summary>
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <returns>Null where there is none, or more than one (X509-SVID, section 2).</returns>
    public static string? Find(X509Certificate2 certificate)
    {
        string? found = null;
        try
        {
            foreach (var extension in certificate.Extensions.Where(e => e.Oid?.Value == SubjectAlternativeName))
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (!names.PeekTag().HasSameClassAndValue(Uri))
                    {
                        names.ReadEncodedValue();
                    }
                    else if (found is not null)
                    {
                        return null;
                    }
                    else
                    {
                        found = names.ReadCharacterString(UniversalTagNumber.IA5String, Uri);
                    }
                }
            }
        }
        catch (Exception exception) when (exception is AsnContentException or CryptographicException or DecoderFallbackException)
        {
            return null;
        }

        return found;
    }
}
