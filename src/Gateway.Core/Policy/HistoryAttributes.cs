using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary><c>context.history</c>.</summary>
internal sealed class HistoryAttributes(IHistoryFacts? history) : CedarRecord(HistoryShape)
{
    private static readonly RecordShape HistoryShape = new("callsLastMinute", "callsLastHour", "deniedLastHour", "toolsLastHour");

    protected override CedarValue GetValue(int index) => index switch
    {
        0 => CedarValue.From(history?.CallsLastMinute ?? 0L),
        1 => CedarValue.From(history?.CallsLastHour ?? 0L),
        2 => CedarValue.From(history?.DeniedLastHour ?? 0L),
        3 => CedarValue.From(CedarSet.Create([.. (history?.ToolsLastHour ?? []).Select(CedarValue.From)])),
        _ => default,
    };
}
