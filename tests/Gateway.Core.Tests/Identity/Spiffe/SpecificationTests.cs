using System.Text.RegularExpressions;

namespace Gateway.Core.Tests.Identity.Spiffe;

/// <summary>Every MUST of the four texts, with the test that holds us to it or the reason why it is not a validator's to keep.</summary>
public sealed class SpecificationTests
{
    private const string Ids = nameof(SpiffeIdTests);
    private const string Bundles = nameof(SpiffeBundleReaderTests);
    private const string Certificates = nameof(X509SvidValidatorTests);
    private const string Tokens = nameof(JwtSvidTests);

    /// <summary>Document, words of the sentence, and "Class.Method" or a reason.</summary>
    private static readonly (string Document, string Words, string Kept)[] Musts =
    [
        ("SPIFFE-ID", "MUST have the scheme set to `spiffe`", $"{Ids}.{nameof(SpiffeIdTests.TryParse_OtherScheme_IsRefused)}"),
        ("SPIFFE-ID", "include a non-zero trust domain name", $"{Ids}.{nameof(SpiffeIdTests.TryParse_EmptyTrustDomain_IsRefused)}"),
        ("SPIFFE-ID", "MUST NOT include a query or fragment", $"{Ids}.{nameof(SpiffeIdTests.TryParse_QueryOrFragment_IsRefused)}"),
        ("SPIFFE-ID", "part of the authority MUST NOT be empty", $"{Ids}.{nameof(SpiffeIdTests.TryParse_EmptyTrustDomain_IsRefused)}"),
        ("SPIFFE-ID", "`userinfo` and `port` parts", $"{Ids}.{nameof(SpiffeIdTests.TryParse_UserInfoOrPort_IsRefused)}"),
        ("SPIFFE-ID", "MUST be lowercase", $"{Ids}.{nameof(SpiffeIdTests.TryParse_TrustDomainBeyondSmallLettersDigitsDotsDashesUnderscores_IsRefused)}"),
        ("SPIFFE-ID", "part of the authority MUST contain only letters", $"{Ids}.{nameof(SpiffeIdTests.TryParse_TrustDomainBeyondSmallLettersDigitsDotsDashesUnderscores_IsRefused)}"),
        ("SPIFFE-ID", "part of the authority MUST NOT contain percent-encoded", $"{Ids}.{nameof(SpiffeIdTests.TryParse_TrustDomainBeyondSmallLettersDigitsDotsDashesUnderscores_IsRefused)}"),
        ("SPIFFE-ID", "MUST NOT process trust domain names differently", $"{Ids}.{nameof(SpiffeIdTests.TryParse_ValidId_IsTakenApart)}"),
        ("SPIFFE-ID", "path component MUST NOT include percent-encoded", $"{Ids}.{nameof(SpiffeIdTests.TryParse_PercentEncodedPath_IsRefused)}"),
        ("SPIFFE-ID", "MUST NOT include segments that are empty", $"{Ids}.{nameof(SpiffeIdTests.TryParse_EmptyOrRelativeSegment_IsRefused)}"),
        ("SPIFFE-ID", "MUST NOT include a trailing `/`", $"{Ids}.{nameof(SpiffeIdTests.TryParse_TrailingSlash_IsRefused)}"),
        ("SPIFFE-ID", "Individual path segments MUST contain only", $"{Ids}.{nameof(SpiffeIdTests.TryParse_OtherCharactersInASegment_IsRefused)}"),
        ("SPIFFE-ID", "MUST support SPIFFE URIs up to 2048 bytes", $"{Ids}.{nameof(SpiffeIdTests.TryParse_Length_IsSupportedUpTo2048AndTrustDomainsUpTo255)}"),
        ("SPIFFE-ID", "A signing authority MUST exist", "concerns the trust domain's operator"),
        ("SPIFFE-ID", "MUST be included in a portion of the payload which is signed", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_ForgedSignature_IsRefused)}"),
        ("SPIFFE-ID", "MUST leverage a document type", "concerns specifications: we know X509-SVID and JWT-SVID"),

        ("SPIFFE_Trust_Domain_and_Bundle", "MUST NOT require their presence", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_EmptyKeys_IsAnEmptyBundle)}"),
        ("SPIFFE_Trust_Domain_and_Bundle", "MUST be a monotonically increasing integer", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_MalformedParameters_AreNoBundle)}"),
        ("SPIFFE_Trust_Domain_and_Bundle", "MUST be an integer representing the suggested", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_MalformedParameters_AreNoBundle)}"),
        ("SPIFFE_Trust_Domain_and_Bundle", "The parameter `keys` MUST be present", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_VectorWithoutKeys_IsNoBundle)}"),
        ("SPIFFE_Trust_Domain_and_Bundle", "unknown key types or uses MUST ignore", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_AuthorityOfUnknownUseOrTypeOrWithoutCertificate_IsIgnored)}"),
        ("SPIFFE_Trust_Domain_and_Bundle", "MUST treat all SVIDs from the trust domain as invalid", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_EmptyBundle_IsRefused)}"),
        ("SPIFFE_Trust_Domain_and_Bundle", "SVID specifications MUST define", "concerns specifications"),
        ("SPIFFE_Trust_Domain_and_Bundle", "The `kty` parameter MUST be set", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_AuthorityOfUnknownUseOrTypeOrWithoutCertificate_IsIgnored)}"),
        ("SPIFFE_Trust_Domain_and_Bundle", "unknown key type MUST ignore the entire", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_AuthorityOfUnknownUseOrTypeOrWithoutCertificate_IsIgnored)}"),
        ("SPIFFE_Trust_Domain_and_Bundle", "The `use` parameter MUST be set", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_VectorWithoutUse_IsEmpty)}"),
        ("SPIFFE_Trust_Domain_and_Bundle", "unknown `use` value MUST ignore", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_AuthorityOfUnknownUseOrTypeOrWithoutCertificate_IsIgnored)}"),
        ("SPIFFE_Trust_Domain_and_Bundle", "static “trust_domains” key MUST be set", "concerns bundle maps, which we do not read"),
        ("SPIFFE_Trust_Domain_and_Bundle", "Producers of SPIFFE Bundle Maps MUST", "concerns bundle maps, which we do not read"),
        ("SPIFFE_Trust_Domain_and_Bundle", "Consumers MUST reject maps", "concerns bundle maps, which we do not read"),
        ("SPIFFE_Trust_Domain_and_Bundle", "Consumers of SPIFFE Bundle Maps MUST NOT", "concerns bundle maps, which we do not read"),

        ("X509-SVID", "MUST contain exactly one URI SAN", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_NoUri_IsRefused)}"),
        ("X509-SVID", "more than one URI SAN MUST reject", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_TwoUris_IsRefused)}"),
        ("X509-SVID", "Leaf certificate SPIFFE IDs MUST have a non-root path", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_RootPath_IsRefused)}"),
        ("X509-SVID", "MUST be marked as critical if Subject is omitted", "concerns the signer: neither section 5.2 nor RFC 5280 has a validator look"),
        ("X509-SVID", "signing certificate MUST NOT have a path component", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_IntermediateWithAWorkloadsId_IsRefused)}"),
        ("X509-SVID", "Signing certificates MUST NOT be used for authentication", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_AuthorityItself_IsRefused)}"),
        ("X509-SVID", "Signing certificates MUST set the `cA` field", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_IntermediateThatIsNoAuthority_IsRefused)}"),
        ("X509-SVID", "Name constraints indicate a namespace", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_NameConstraintViolated_IsRefused)}"),
        ("X509-SVID", "The key usage extension MUST be set on all SVIDs", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_KeyUsageThatIsNotCritical_IsRefused)}"),
        ("X509-SVID", "SVID signing certificates MUST set `keyCertSign`", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_IntermediateWithoutKeyCertSign_IsRefused)}"),
        ("X509-SVID", "Leaf SVIDs MUST set `digitalSignature`", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_LeafWithoutDigitalSignature_IsRefused)}"),
        ("X509-SVID", "Leaf SVIDs MUST NOT set `keyCertSign` or `cRLSign`", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_LeafThatMaySign_IsRefused)}"),
        ("X509-SVID", "`id-kp-serverAuth` and `id-kp-clientAuth` MUST be set", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_ExtendedKeyUsageWithoutBothPurposes_IsRefused)}"),
        ("X509-SVID", "MUST follow [RFC 5280][1] path validation", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_PathLongerThanAllowed_IsRefused)}"),
        ("X509-SVID", "MUST ensure that the `cA` field", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_LeafThatIsAnAuthority_IsRefused)}"),
        ("X509-SVID", "MUST also ensure that the scheme", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_SchemeOrFormOtherThanSpiffe_IsRefused)}"),
        ("X509-SVID", "SVIDs containing more than one URI SAN MUST be rejected", $"{Certificates}.{nameof(X509SvidValidatorTests.Validate_TwoUris_IsRefused)}"),
        ("X509-SVID", "MUST be set to `x509-svid`", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_AuthorityOfUnknownUseOrTypeOrWithoutCertificate_IsIgnored)}"),
        ("X509-SVID", "`kid` parameter of each JWK entry MUST NOT be set", "concerns the publisher: section 6.2 does not have a consumer look"),
        ("X509-SVID", "MUST contain the `x5c` parameter", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_AuthorityOfUnknownUseOrTypeOrWithoutCertificate_IsIgnored)}"),
        ("X509-SVID", "The value MUST include exactly one CA certificate", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_SeveralCertificatesInX5c_OnlyTheFirstCounts)}"),
        ("X509-SVID", "If `x5c` is not set, or is empty", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_EmptyX5c_IsIgnored)}"),
        ("X509-SVID", "all but the first MUST be ignored", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_SeveralCertificatesInX5c_OnlyTheFirstCounts)}"),

        ("JWT-SVID", "JWS JSON Serialization MUST NOT be used", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_JsonSerialisation_IsRefused)}"),
        ("JWT-SVID", "Any header not described here", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_OtherHeaderParameter_IsRefused)}"),
        ("JWT-SVID", "The `alg` header MUST be set to one of the values", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_AlgorithmOfTheTable_IsAccepted)}"),
        ("JWT-SVID", "a different value MUST reject the token", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_OtherAlgorithm_IsRefused)}"),
        ("JWT-SVID", "its value MUST be either `JWT` or `JOSE`", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_OtherType_IsRefused)}"),
        ("JWT-SVID", "The `sub` claim MUST be set to the SPIFFE ID", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_SubjectThatIsNoWorkloadsId_IsRefused)}"),
        ("JWT-SVID", "The `aud` claim MUST be present", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_WithoutAudience_IsRefused)}"),
        ("JWT-SVID", "Validators MUST reject tokens without an `aud` claim set", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_OtherAudience_IsRefused)}"),
        ("JWT-SVID", "The `exp` claim MUST be set", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_WithoutExpiry_IsRefused)}"),
        ("JWT-SVID", "MUST ensure that the `alg` header", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_OtherAlgorithm_IsRefused)}"),
        ("JWT-SVID", "The `aud` and `exp` claims MUST be present", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_AfterItsExpiry_SkewOf30SecondsCounts)}"),
        ("JWT-SVID", "without the `aud` and `exp` claims set MUST reject", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_WithoutExpiry_IsRefused)}"),
        ("JWT-SVID", "MUST be serialized using the Compact", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_JsonSerialisation_IsRefused)}"),
        ("JWT-SVID", "MUST be set to `jwt-svid`", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_TokenKeyWithoutIdOrUse_IsIgnored)}"),
        ("JWT-SVID", "`kid` parameter of each JWK entry MUST be set", $"{Bundles}.{nameof(SpiffeBundleReaderTests.TryRead_TokenKeyWithoutIdOrUse_IsIgnored)}"),
        ("JWT-SVID", "MUST extract the JWT-SVID specific keys", $"{Tokens}.{nameof(JwtSvidTests.Authenticate_BundleWithoutTokenKeys_IsRefused)}"),
    ];

    [Theory]
    [InlineData("SPIFFE-ID")]
    [InlineData("SPIFFE_Trust_Domain_and_Bundle")]
    [InlineData("X509-SVID")]
    [InlineData("JWT-SVID")]
    public void EveryMust_OfTheText_IsInTheTable(string document)
    {
        var sentences = Regex.Split(SpiffeVectors.Read($"{document}.md"), @"(?<=[a-z`)\]]\.)\s|\n", RegexOptions.None, TimeSpan.FromSeconds(10))
            .Where(sentence => Regex.IsMatch(sentence, @"\bMUST\b", RegexOptions.None, TimeSpan.FromSeconds(10)))
            .ToList();
        var table = Musts.Where(must => must.Document == document).ToList();

        Assert.NotEmpty(sentences);
        Assert.All(sentences, sentence => Assert.Contains(table, must => sentence.Contains(must.Words, StringComparison.Ordinal)));

        // And the other way round, so that the table does not outlive the text.
        Assert.All(table, must => Assert.Contains(sentences, sentence => sentence.Contains(must.Words, StringComparison.Ordinal)));
    }

    [Fact]
    public void EveryEntry_OfTheTable_NamesATestOrSaysWhomItConcerns() => Assert.All(Musts, must =>
    {
        if (must.Kept.StartsWith("concerns ", StringComparison.Ordinal))
        {
            return;
        }

        var (type, method) = (must.Kept.Split('.')[0], must.Kept.Split('.')[1]);
        var test = typeof(SpecificationTests).Assembly.GetType($"{typeof(SpecificationTests).Namespace}.{type}")?.GetMethod(method);
        Assert.True(test?.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0, $"{must.Kept} is no test.");
    });
}
