using System.Net;

namespace Gateway.Core.Audit.UnderWay;

/// <summary>A call's record, as far as it is known before the call is forwarded, in the form that a slot holds.</summary>
/// <remarks>Read by the next process, which may be of another version: a change of the fields is a change of the file's header.</remarks>
internal static class OpenCallCodec
{
    private const string Lost = "The gateway was stopped before the call had ended: what became of it is not known.";
    private const string LostAndCut = Lost + " The record holds only the first part of what was known.";

    /// <summary>
    /// Writes who, what, why and with what, and last what the agent chooses, so that no agent can crowd out the rest; returns the
    /// length. Texts that do not fit are left out.
    /// </summary>
    public static int Write(CallRecord record, Span<byte> target)
    {
        var writer = new SlotWriter(target);
        writer.Text(record.Call, OcsfLimits.Identifier);
        writer.Time(record.StartedAt);
        writer.Number(record.Duration.Ticks);
        writer.Text(record.Agent, OcsfLimits.Agent);
        writer.Text(record.Tool, OcsfLimits.Identifier);

        // Both the agent's word where no operation is configured for it, and too short to matter.
        writer.Text(record.Operation, OcsfLimits.Identifier);
        writer.Text(record.Method, OcsfLimits.Token);
        writer.Text(record.Lease, OcsfLimits.Identifier);
        writer.Text(record.Credential, OcsfLimits.Identifier);
        writer.Text(record.Task, OcsfLimits.Identifier);
        writer.Text(record.Decision, OcsfLimits.Token);
        writer.Text(record.PolicyVersion, OcsfLimits.Identifier);
        writer.Text(record.PolicyMode, OcsfLimits.Token);
        writer.Text(record.DecisionId, OcsfLimits.Identifier);
        writer.Text(record.HttpVersion, OcsfLimits.Token);
        WriteAddress(ref writer, record.SourceIp);
        writer.Number(record.SourcePort);
        writer.Text(record.Issuer, OcsfLimits.Text);
        writer.Text(record.IdentityMethod, OcsfLimits.Token);
        writer.Flag(record.ProofOfPossession);
        writer.Text(record.TokenId, OcsfLimits.Identifier);
        writer.Time(record.TokenIssuedAt);
        writer.Time(record.TokenExpiresAt);
        writer.Text(record.LeaseFingerprint, OcsfLimits.Identifier);
        writer.Text(record.LeaseScope, OcsfLimits.Text);
        writer.Time(record.LeaseIssuedAt);
        writer.Time(record.LeaseExpiresAt);
        writer.Text(record.LegacyOwner, OcsfLimits.Identifier);
        writer.Time(record.LegacyNotAfter);
        writer.Flag(record.LegacyExpires);
        writer.Text(record.TraceId, OcsfLimits.Identifier);
        writer.Text(record.Destination is { IsAbsoluteUri: true } destination ? destination.GetLeftPart(UriPartial.Authority) : null, OcsfLimits.Text);
        writer.Text(record.Transaction, OcsfLimits.Identifier);
        writer.Text(record.User, OcsfLimits.Agent);
        writer.Texts(record.Policies, OcsfLimits.Identifier);
        writer.Texts(record.Obligations, OcsfLimits.Text);
        writer.Texts(record.Delegation, OcsfLimits.Agent);
        writer.Texts(record.ParameterNames, OcsfLimits.Identifier);
        writer.Texts(record.ToolLabels, OcsfLimits.Identifier);
        writer.Texts(record.PolicyErrors, OcsfLimits.Text);
        writer.Text(record.Path, OcsfLimits.Path);
        writer.Text(record.Intent, OcsfLimits.Intent);
        writer.Text(record.LoggedQuery, OcsfLimits.Path);
        writer.Texts([.. record.LoggedHeaders.SelectMany(header => new[] { header.Key, header.Value })], OcsfLimits.Text);
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
            Issuer = reader.Text(),
            IdentityMethod = reader.Text(),
            ProofOfPossession = reader.Flag(),
            TokenId = reader.Text(),
            TokenIssuedAt = reader.Time(),
            TokenExpiresAt = reader.Time(),
            LeaseFingerprint = reader.Text(),
            LeaseScope = reader.Text(),
            LeaseIssuedAt = reader.Time(),
            LeaseExpiresAt = reader.Time(),
            LegacyOwner = reader.Text(),
            LegacyNotAfter = reader.Time(),
            LegacyExpires = reader.Flag(),
            TraceId = reader.Text(),
            Destination = reader.Text() is { } destination ? new Uri(destination) : null,
            Transaction = reader.Text(),
            User = reader.Text(),
            Policies = reader.Texts(),
            Obligations = reader.Texts(),
            Delegation = reader.Texts(),
            ParameterNames = reader.Texts(),
            ToolLabels = reader.Texts(),
            PolicyErrors = reader.Texts(),
            Path = reader.Text() ?? "",
            Intent = reader.Text(),
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
