namespace Gateway.Cedar;

internal sealed class StoredRecord(RecordShape shape, CedarValue[] values) : CedarRecord(shape)
{
    protected internal override CedarValue GetValue(int index) => values[index];
}
