using System.Text;
using Gateway.Core.Identity;
using Gateway.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Tests.Identity;

public sealed class TokenCarriersTests
{
    private const string Token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";
    private const string Other = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJiIn0.";

    private readonly IHeaderDictionary _headers = new HeaderDictionary();

    [Fact]
    public void Read_NoHeader_IsMissing() => AssertMissing();

    [Theory]
    [InlineData("Proxy-Authorization", "Bearer " + Token, nameof(TokenCarrier.ProxyAuthorization))]
    [InlineData("proxy-authorization", "bearer  " + Token, nameof(TokenCarrier.ProxyAuthorization))]
    [InlineData("Gateway-Identity", Token, nameof(TokenCarrier.GatewayIdentity))]
    [InlineData("gateway-identity", Token, nameof(TokenCarrier.GatewayIdentity))]
    [InlineData("Authorization", "Bearer " + Token, nameof(TokenCarrier.Authorization))]
    [InlineData("Authorization", "BEARER   " + Token + " ", nameof(TokenCarrier.Authorization))]
    [InlineData("X-Api-Key", Token, nameof(TokenCarrier.ApiKey))]
    [InlineData("x-api-key", Token, nameof(TokenCarrier.ApiKey))]
    public void Read_TokenInEachCarrier_IsFound(string header, string value, string carrier)
    {
        _headers[header] = value;
        AssertToken(Enum.Parse<TokenCarrier>(carrier), Token);
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("BASIC")]
    public void Read_TokenAsBasicPassword_IsFound(string scheme)
    {
        _headers.Authorization = $"{scheme} {Base64($"any user:{Token}")}";
        AssertToken(TokenCarrier.Authorization, Token);
    }

    [Fact]
    public void Read_BearerToken_AllocatesNothing()
    {
        _headers.Authorization = $"Bearer {Token}";
        TokenCarriers.Read(_headers);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            TokenCarriers.Read(_headers);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Read_SeveralCarriers_TheirOrderDecides()
    {
        _headers["X-Api-Key"] = Token + "4";
        AssertToken(TokenCarrier.ApiKey, Token + "4");
        _headers.Authorization = $"Bearer {Token}3";
        AssertToken(TokenCarrier.Authorization, Token + "3");
        _headers["Gateway-Identity"] = Token + "2";
        AssertToken(TokenCarrier.GatewayIdentity, Token + "2");
        _headers.ProxyAuthorization = $"Bearer {Token}1";
        AssertToken(TokenCarrier.ProxyAuthorization, Token + "1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer sk-dummy")]
    [InlineData("Basic " + Token)]
    [InlineData("DPoP")]
    [InlineData("DPoP dummy")]
    [InlineData(Token)]
    [InlineData(" Bearer " + Token)]
    [InlineData("Bearer\t" + Token)]
    [InlineData("Bearer " + Token + ",")]
    [InlineData("Bearer " + Token + ", Bearer " + Other)]
    [InlineData("Bearer " + Token + " " + Other)]
    public void Read_ProxyAuthorizationThatIsNoSingleBearerToken_FailsAndIsNotRescued(string value)
    {
        _headers.ProxyAuthorization = value;
        RescueWith("Gateway-Identity", "Authorization", "X-Api-Key");
        AssertFailing(TokenCarrier.ProxyAuthorization, IdentityFailure.Malformed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dummy")]
    [InlineData("Bearer " + Token)]
    [InlineData(Token + "," + Other)]
    [InlineData(Token + " ")]
    [InlineData(Token + "\0")]
    public void Read_GatewayIdentityThatIsNoSingleToken_FailsAndIsNotRescued(string value)
    {
        _headers["Gateway-Identity"] = value;
        RescueWith("Authorization", "X-Api-Key");
        AssertFailing(TokenCarrier.GatewayIdentity, IdentityFailure.Malformed);
    }

    [Theory]
    [InlineData("Proxy-Authorization", "Bearer ", nameof(TokenCarrier.ProxyAuthorization))]
    [InlineData("Gateway-Identity", "", nameof(TokenCarrier.GatewayIdentity))]
    [InlineData("Authorization", "Bearer ", nameof(TokenCarrier.Authorization))]
    [InlineData("X-Api-Key", "", nameof(TokenCarrier.ApiKey))]
    public void Read_HeaderTwice_FailsWhicheverComesFirst(string header, string prefix, string carrier)
    {
        foreach (var second in new[] { Token, Other, "dummy", string.Empty })
        {
            _headers[header] = new StringValues([prefix + Token, prefix + second]);
            AssertFailing(Enum.Parse<TokenCarrier>(carrier), IdentityFailure.Malformed);
            _headers[header] = new StringValues([prefix + second, prefix + Token]);
            AssertFailing(Enum.Parse<TokenCarrier>(carrier), IdentityFailure.Malformed);
        }
    }

    [Theory]
    [InlineData("Bearer " + Token + ", Bearer " + Other)]
    [InlineData("Bearer " + Token + ",Bearer " + Other)]
    [InlineData("Bearer " + Token + "," + Other)]
    [InlineData("Bearer dummy, Bearer " + Token)]
    [InlineData("Bearer " + Token + ", Basic dummy")]
    [InlineData("Bearer " + Token + " " + Other)]
    [InlineData("Bearer " + Token + "; a=b")]
    [InlineData("DPoP " + Token + ", Bearer " + Token)]
    [InlineData("Token " + Token)]
    [InlineData(Token)]
    public void Read_AuthorizationWithATokenInAnyOtherForm_FailsAndIsNotRescued(string value)
    {
        _headers.Authorization = value;
        RescueWith("X-Api-Key");
        AssertFailing(TokenCarrier.Authorization, IdentityFailure.Malformed);
    }

    [Fact]
    public void Read_TwoBasicPasswordsWithTokens_Fail()
    {
        _headers.Authorization = $"Basic {Base64($"a:{Token}")}, Basic {Base64($"b:{Other}")}";
        AssertFailing(TokenCarrier.Authorization, IdentityFailure.Malformed);
    }

    [Theory]
    [InlineData(Token + "," + Other)]
    [InlineData("dummy," + Token)]
    [InlineData("Bearer " + Token)]
    [InlineData(Token + " x")]
    public void Read_ApiKeyWithATokenInAnyOtherForm_Fails(string value)
    {
        _headers["X-Api-Key"] = value;
        AssertFailing(TokenCarrier.ApiKey, IdentityFailure.Malformed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer sk-ant-api03-dummy")]
    [InlineData("Bearer ey")]
    [InlineData("Bearer eyJ+/=")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Basic not!base64")]
    [InlineData("Basic dXNlcg==")]
    [InlineData("token ghp_dummy")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKIA/20260301/eu/s3/aws4_request, SignedHeaders=host, Signature=00")]
    public void Read_DummyKeyOfAnSdk_IsSkipped(string value)
    {
        _headers.Authorization = value;
        AssertMissing();
        _headers["X-Api-Key"] = "sk-dummy";
        AssertMissing();
        _headers["X-Api-Key"] = Token;
        AssertToken(TokenCarrier.ApiKey, Token);
    }

    [Theory]
    [InlineData("Authorization", "Bearer ", nameof(TokenScheme.Bearer))]
    [InlineData("Authorization", "DPoP ", nameof(TokenScheme.DPoP))]
    [InlineData("Authorization", "dpop ", nameof(TokenScheme.DPoP))]
    [InlineData("Proxy-Authorization", "Bearer ", nameof(TokenScheme.Bearer))]
    [InlineData("Proxy-Authorization", "DPoP ", nameof(TokenScheme.DPoP))]
    [InlineData("Gateway-Identity", "", nameof(TokenScheme.None))]
    [InlineData("X-Api-Key", "", nameof(TokenScheme.None))]
    public void Read_TokenWithAScheme_KeepsIt(string header, string prefix, string scheme)
    {
        _headers[header] = prefix + Token;
        Assert.Equal(Enum.Parse<TokenScheme>(scheme), TokenCarriers.Read(_headers).Scheme);
        Assert.True(TokenCarriers.Read(_headers).HasToken);
    }

    [Fact]
    public void Read_TokenAsBasicPassword_HasNoScheme()
    {
        _headers.Authorization = $"Basic {Base64($"any user:{Token}")}";
        Assert.Equal(TokenScheme.None, TokenCarriers.Read(_headers).Scheme);
    }

    [Fact]
    public void Read_TokenTruncatedAnywhere_IsAFailingIdentityAndNotAMissingOne()
    {
        for (var length = "eyJ".Length; length <= Token.Length; length++)
        {
            _headers.Authorization = $"Bearer {Token[..length]}";
            AssertToken(TokenCarrier.Authorization, Token[..length]);
        }
    }

    [Fact]
    public void Read_HugeValue_IsHandedOnForTheAuthenticatorToRefuse()
    {
        _headers.Authorization = $"Bearer eyJ{new string('a', 100_000)}";
        Assert.Equal(100_003, TokenCarriers.Read(_headers).Token.Length);
        _headers.Authorization = $"Basic {Base64($"u:eyJ{new string('a', 100_000)}")}";
        Assert.Equal(100_003, TokenCarriers.Read(_headers).Token.Length);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private void RescueWith(params string[] headers)
    {
        foreach (var header in headers)
        {
            _headers[header] = header == "Authorization" ? $"Bearer {Token}" : Token;
        }
    }

    private void AssertMissing()
    {
        var presented = TokenCarriers.Read(_headers);
        Assert.False(presented.IsPresent);
        Assert.False(presented.HasToken);
        Assert.Equal(IdentityFailure.Missing, presented.Failure);
    }

    private void AssertToken(TokenCarrier carrier, string token)
    {
        var presented = TokenCarriers.Read(_headers);
        Assert.Equal(carrier, presented.Carrier);
        Assert.True(presented.HasToken);
        Assert.Equal(token, presented.Token.ToString());
    }

    private void AssertFailing(TokenCarrier carrier, IdentityFailure failure)
    {
        var presented = TokenCarriers.Read(_headers);
        Assert.Equal(carrier, presented.Carrier);
        Assert.False(presented.HasToken);
        Assert.Equal(failure, presented.Failure);
    }
}
