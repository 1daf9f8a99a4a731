using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary><c>context.request</c>.</summary>
internal sealed class RequestAttributes(AuthorizationRequest request) : CedarRecord(RequestShape)
{
    private static readonly RecordShape RequestShape = new("method", "path", "query", "contentType", "contentLength", "sourceIp");

    protected override CedarValue GetValue(int index) => index switch
    {
        0 => CedarValue.From(request.Method),
        1 => CedarValue.From(request.Path),
        2 => CedarValue.From(request.Query),
        3 => request.ContentType is { } type ? CedarValue.From(type) : default,
        4 => CedarValue.From(request.ContentLength),
        5 => CedarValue.From(request.SourceIp),
        _ => default,
    };
}
