using Gateway.Core.Audit;
using Gateway.Core.Audit.Delivery;

namespace Gateway.Integrations.Otlp;

/// <summary>OTLP in protocol buffers (opentelemetry-proto 1.x: collector/logs/v1, logs/v1, common/v1, resource/v1).</summary>
/// <remarks>By hand, since it is one message of fixed shape: the packages that have it bring a whole SDK.</remarks>
internal sealed class OtlpProtobuf : IOtlpEncoding
{
    private readonly byte[] _resource;
    private readonly byte[] _scope;

    // Lengths stand before contents, so that what is inside is written first.
    private readonly LineBuffer _value = new(256);
    private readonly LineBuffer _attribute = new(256);
    private readonly LineBuffer _record = new(4096);
    private readonly LineBuffer _scopeLogs = new(64 * 1024);
    private readonly LineBuffer _resourceLogs = new(1024);

    public OtlpProtobuf(OtlpIdentity identity)
    {
        var output = new LineBuffer(256);
        foreach (var (name, value) in identity.Resource)
        {
            Attribute(output, 1, name, value);
        }

        _resource = output.Written.ToArray();
        output.CutTo(0);
        ProtobufWriter.Text(output, 1, OtlpIdentity.ScopeName);
        ProtobufWriter.Text(output, 2, identity.ScopeVersion);
        _scope = output.Written.ToArray();
    }

    public string ContentType => "application/x-protobuf";

    public byte[] Encode(DeliveryBatch batch)
    {
        _scopeLogs.CutTo(0);
        ProtobufWriter.Message(_scopeLogs, 1, _scope);
        for (var index = 0; index < batch.Count; index++)
        {
            Write(new OtlpRecord(batch[index]));
            ProtobufWriter.Message(_scopeLogs, 2, _record.Written);
        }

        _resourceLogs.CutTo(0);
        ProtobufWriter.Message(_resourceLogs, 1, _resource);
        ProtobufWriter.Begin(_resourceLogs, 2, _scopeLogs.Length);
        _record.CutTo(0);
        ProtobufWriter.Begin(_record, 1, _resourceLogs.Length + _scopeLogs.Length);
        return [.. _record.Written, .. _resourceLogs.Written, .. _scopeLogs.Written];
    }

    public long ReadRejected(ReadOnlySpan<byte> answer) =>
        ProtobufReader.TryFindMessage(answer, 1, out var partialSuccess) && ProtobufReader.TryFindVarint(partialSuccess, 1, out var rejected) ? (long)rejected : 0;

    private void Write(in OtlpRecord record)
    {
        _record.CutTo(0);
        ProtobufWriter.Fixed64(_record, 1, record.Time);
        ProtobufWriter.Varint(_record, 2, (ulong)record.SeverityNumber);
        ProtobufWriter.Text(_record, 3, record.SeverityText);
        _value.CutTo(0);
        ProtobufWriter.Message(_value, 1, record.Body);
        ProtobufWriter.Message(_record, 5, _value.Written);
        Attribute(_record, 6, OtlpRecord.UidAttribute, record.Uid);
        Attribute(_record, 6, OtlpRecord.ClassAttribute, (ulong)record.ClassUid);
        Attribute(_record, 6, OtlpRecord.SequenceAttribute, (ulong)record.Sequence);
        ProtobufWriter.Bytes(_record, 9, record.TraceId);
        ProtobufWriter.Fixed64(_record, 11, record.ObservedTime);
    }

    private void Attribute(LineBuffer output, int field, string name, string text)
    {
        _value.CutTo(0);
        ProtobufWriter.Text(_value, 1, text);
        Attribute(output, field, name);
    }

    private void Attribute(LineBuffer output, int field, string name, ulong number)
    {
        _value.CutTo(0);
        ProtobufWriter.Varint(_value, 3, number);
        Attribute(output, field, name);
    }

    private void Attribute(LineBuffer output, int field, string name)
    {
        _attribute.CutTo(0);
        ProtobufWriter.Text(_attribute, 1, name);
        ProtobufWriter.Message(_attribute, 2, _value.Written);
        ProtobufWriter.Message(output, field, _attribute.Written);
    }
}
