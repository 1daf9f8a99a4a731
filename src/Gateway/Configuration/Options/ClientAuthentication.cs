namespace Gateway.Configuration;

/// <summary>How an OAuth client proves itself at the token endpoint.</summary>
internal enum ClientAuthentication
{
    /// <summary>HTTP Basic: <c>client_secret_basic</c>.</summary>
    Basic,

    /// <summary>In the form body: <c>client_secret_post</c>.</summary>
    Post,
}
