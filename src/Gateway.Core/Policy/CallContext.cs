using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary><c>context</c>: computed attribute by attribute as policies read them, since most read few.</summary>
internal sealed class CallContext(AuthorizationRequest request) : CedarRecord(ContextShape)
{
    private static readonly RecordShape ContextShape = new("request", "params", "now", "intent", "task", "history");

    private RequestAttributes? _request;
    private CedarRecord? _parameters;
    private HistoryAttributes? _history;

    protected override CedarValue GetValue(int index) => index switch
    {
        0 => CedarValue.From(_request ??= new RequestAttributes(request)),
        1 => CedarValue.From(_parameters ??= Parameters()),
        2 => CedarValue.From(request.Now),
        3 => request.Intent is { } intent ? CedarValue.From(intent) : default,
        4 => request.Task is { } task ? CedarValue.From(new TaskAttributes(task)) : default,
        5 => CedarValue.From(_history ??= new HistoryAttributes(request.History)),
        _ => default,
    };

    private CedarRecord Parameters() => request.Parameters.Count == 0
        ? Empty
        : Create([.. request.Parameters.Select(p => KeyValuePair.Create(p.Key, CedarValue.From(p.Value)))]);
}
