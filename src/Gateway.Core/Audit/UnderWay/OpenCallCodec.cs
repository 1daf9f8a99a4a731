using System.Net;

namespace Gateway.Core.Audit.UnderWay;

/// <summary>A call's record, as far as it is known before the call is forwarded, in the form that a slot holds.</summary>
/// <remarks>Read by the next process, which may be of another version: a change of the fields is a change of the file's header.</remarks>
internal static class OpenCallCodec
{
    private const string Lost = "The gateway was stopped before the call had ended: what became of it is not known.";
    private const string LostAndCut = Lost + " The record holds only the first part of what was known.";

    /// <summary>Writes who, what and why in this order, and returns the length; texts that do not fit are left out.</summary>
    public static int Write(CallRecord record, Span<byte> target)
    {
        var writer = new SlotWriter(target);
        writer.Text(record.Call);
        writer.Time(record.StartedAt);
        writer.Number(record.Duration.Ticks);
        writer.Text(record.Agent);
        writer.Text(record.Tool);
        writer.Text(record.Operation);
        writer.Text(record.Method);
        writer.Text(record.Lease);
        writer.Text(record.Credential);
        writer.Text(record.Task);
        writer.Text(record.Decision);
        writer.Text(record.PolicyVersion);
        writer.Text(record.PolicyMode);
        writer.Text(record.DecisionId);
        writer.Text(record.HttpVersion);
        WriteAddress(ref writer, record.SourceIp);
        writer.Number(record.SourcePort);
        writer.Text(record.Path);
        writer.Text(record.Issuer);
        writer.Text(record.IdentityMethod);
        writer.Flag(record.ProofOfPossession);
        writer.Text(record.TokenId);
        writer.Time(record.TokenIssuedAt);
        writer.Time(record.TokenExpiresAt);
        writer.Text(record.User);
        writer.Text(record.LeaseFingerprint);
        writer.Text(record.LeaseScope);
        writer.Time(record.LeaseIssuedAt);
        writer.Time(record.LeaseExpiresAt);
        writer.Text(record.LegacyOwner);
        writer.Time(record.LegacyNotAfter);
        writer.Flag(record.LegacyExpires);
        writer.Text(record.TraceId);
        writer.Text(record.Destination?.ToString());
        writer.Texts(record.Policies);
        writer.Texts(record.Delegation);
        writer.Texts(record.ParameterNames);
        writer.Texts(record.ToolLabels);
        writer.Texts(record.PolicyErrors);
        writer.Text(record.Intent);
        writer.Text(record.Transaction);
        writer.Texts(record.Obligations);
        writer.Text(record.LoggedQuery);
        writer.Texts([.. record.LoggedHeaders.SelectMany(header => new[] { header.Key, header.Value })]);
        writer.Flag(writer.IsCut);
        return writer.Length;
    }

    /// <summary>The record of a call whose process ended before it did: it may or may not have reached its upstream.</summary>
    public static CallRecord Read(ReadOnlySpan<byte> payload)
    {
        var reader = new SlotReader(payload);

        // In the order of writing: the members of an initializer run from first to last.
        return new CallRecord
        {
            Call = reader.Text() ?? "",
            StartedAt = reader.Time() ?? DateTimeOffset.UnixEpoch,
            Duration = TimeSpan.FromTicks(reader.Number()),
            Agent = reader.Text(),
            Tool = reader.Text(),
            Operation = reader.Text(),
            Method = reader.Text() ?? "",
            Lease = reader.Text(),
            Credential = reader.Text(),
            Task = reader.Text(),
            Decision = reader.Text(),
            PolicyVersion = reader.Text(),
            PolicyMode = reader.Text(),
            DecisionId = reader.Text(),
            HttpVersion = reader.Text() ?? "",
            SourceIp = new IPAddress(reader.Bytes()),
            SourcePort = (int)reader.Number(),
            Path = reader.Text() ?? "",
            Issuer = reader.Text(),
            IdentityMethod = reader.Text(),
            ProofOfPossession = reader.Flag(),
            TokenId = reader.Text(),
            TokenIssuedAt = reader.Time(),
            TokenExpiresAt = reader.Time(),
            User = reader.Text(),
            LeaseFingerprint = reader.Text(),
            LeaseScope = reader.Text(),
            LeaseIssuedAt = reader.Time(),
            LeaseExpiresAt = reader.Time(),
            LegacyOwner = reader.Text(),
            LegacyNotAfter = reader.Time(),
            LegacyExpires = reader.Flag(),
            TraceId = reader.Text(),
            Destination = reader.Text() is { } destination ? new Uri(destination) : null,
            Policies = reader.Texts(),
            Delegation = reader.Texts(),
            ParameterNames = reader.Texts(),
            ToolLabels = reader.Texts(),
            PolicyErrors = reader.Texts(),
            Intent = reader.Text(),
            Transaction = reader.Text(),
            Obligations = reader.Texts(),
            LoggedQuery = reader.Text(),
            LoggedHeaders = [.. reader.Texts().Chunk(2).Where(pair => pair.Length == 2).Select(pair => KeyValuePair.Create(pair[0], pair[1]))],
            Detail = reader.Flag() ? LostAndCut : Lost,
            Forwarded = true,
            Interrupted = true,
            Status = CallRecord.UnknownStatus,
        };
    }

    private static void WriteAddress(ref SlotWriter writer, IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        writer.Bytes(bytes[..length]);
    }
}
