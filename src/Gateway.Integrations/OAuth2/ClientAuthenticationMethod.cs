namespace Gateway.Integrations.OAuth2;

/// <summary>How the gateway proves to a token endpoint who it is, RFC 6749 §2.3.1.</summary>
internal enum ClientAuthenticationMethod
{
    /// <summary>In the Authorization header.</summary>
    Basic = 0,

    /// <summary>As <c>client_id</c> and <c>client_secret</c> in the form.</summary>
    Post = 1,
}
