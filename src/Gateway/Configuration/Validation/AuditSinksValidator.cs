using System.Text.RegularExpressions;
using Gateway.Core.Credentials;
using Gateway.Integrations.Otlp;

namespace Gateway.Configuration;

/// <summary>Checks <c>Gateway:Audit:Sinks</c>, and what the environment says about OTLP where a sink goes by it.</summary>
internal static partial class AuditSinksValidator
{
    private const string Section = "Gateway:Audit";
    private const int MaxRecords = 10_000;
    private const int MinBytes = 65_536;
    private const int MaxBytes = 16_777_216;
    private const int MaxFacility = 23;

    public static void Validate(AuditOptions options, IReadOnlyDictionary<string, string> environment, ConfigurationErrors errors)
    {
        var variables = new OtlpEnvironment(OtlpSignal.Logs, environment.GetValueOrDefault);
        if (options.Otlp)
        {
            OtlpSinkValidator.Validate(new OtlpSinkOptions(), variables, $"{Section}:Otlp", errors);
            if (options.Sinks.ContainsKey(AuditSinkNames.Otlp))
            {
                errors.Add($"{Section}:Otlp", $"is short for a sink named \"{AuditSinkNames.Otlp}\", and there is one already: remove this key, or rename the sink.");
            }
        }

        foreach (var (name, sink) in options.Sinks)
        {
            var key = ConfigurationNode.Combine($"{Section}:Sinks", name);
            if (ConfigurationName.Check(name) is { } problem)
            {
                errors.Add(key, problem);
            }

            ValidateCommon(sink, key, errors);
            switch (sink)
            {
                case OtlpSinkOptions otlp:
                    OtlpSinkValidator.Validate(otlp, variables, key, errors);
                    break;
                case SyslogSinkOptions syslog:
                    Validate(syslog, key, errors);
                    break;
                case WebhookSinkOptions webhook:
                    Validate(webhook, key, errors);
                    break;
            }
        }
    }

    public static string? CheckHeader(string name) => InjectableHeader.Check(name) is null
        ? null
        : "must be the name of a header (RFC 9110 token) that neither frames nor routes the request, nor describes its body, nor is the gateway's own.";

    private static void ValidateCommon(AuditSinkOptions sink, string key, ConfigurationErrors errors)
    {
        CheckRange(sink.BatchRecords, 1, MaxRecords, $"{key}:{nameof(sink.BatchRecords)}", errors);
        CheckRange(sink.BatchBytes, MinBytes, MaxBytes, $"{key}:{nameof(sink.BatchBytes)}", errors);
        CheckFile(sink.CaFile, $"{key}:{nameof(sink.CaFile)}", errors);
        CheckFile(sink.Certificate, $"{key}:{nameof(sink.Certificate)}", errors);
        CheckFile(sink.Key, $"{key}:{nameof(sink.Key)}", errors);
        if (sink.Certificate is null != sink.Key is null)
        {
            var missing = sink.Key is null ? nameof(sink.Key) : nameof(sink.Certificate);
            errors.Add($"{key}:{missing}", "is required: certificate and key go together, or both are left out.");
        }
    }

    private static void Validate(SyslogSinkOptions sink, string key, ConfigurationErrors errors)
    {
        if (Uri.CheckHostName(sink.Host) == UriHostNameType.Unknown)
        {
            errors.Add($"{key}:{nameof(sink.Host)}", "must be a host name or an address, without a port: write for example \"siem.example\", and the port in Port.");
        }

        CheckRange(sink.Port, 1, ushort.MaxValue, $"{key}:{nameof(sink.Port)}", errors);
        CheckRange(sink.Facility, 0, MaxFacility, $"{key}:{nameof(sink.Facility)}", errors);
        CheckLabel(sink.HostName, 255, $"{key}:{nameof(sink.HostName)}", errors);
        CheckLabel(sink.AppName, 48, $"{key}:{nameof(sink.AppName)}", errors);
    }

    private static void Validate(WebhookSinkOptions sink, string key, ConfigurationErrors errors)
    {
        if (WebAddress.CheckTrusted(sink.Url, queryAllowed: true) is { } problem)
        {
            errors.Add($"{key}:{nameof(sink.Url)}", problem);
        }

        if (CheckHeader(sink.Header) is { } header)
        {
            errors.Add($"{key}:{nameof(sink.Header)}", header);
        }

        if (sink.Scheme is { } scheme && !Word().IsMatch(scheme))
        {
            errors.Add($"{key}:{nameof(sink.Scheme)}", "must be one word (RFC 9110 token), without the secret: write for example \"Bearer\" or \"Splunk\".");
        }

        if (sink is { Value: null, Scheme: not null })
        {
            errors.Add($"{key}:{nameof(sink.Value)}", "is required beside Scheme: write a reference: secret:NAME, env:NAME, file:PATH or vault:PATH#FIELD.");
        }
    }

    private static void CheckRange(int value, int minimum, int maximum, string key, ConfigurationErrors errors)
    {
        if (value < minimum || value > maximum)
        {
            errors.Add(key, $"must be a number from {minimum} to {maximum}.");
        }
    }

    /// <summary>RFC 5424, section 6: PRINTUSASCII.</summary>
    private static void CheckLabel(string? text, int length, string key, ConfigurationErrors errors)
    {
        if (text is not null && (text.Length > length || text.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            errors.Add(key, $"must be at most {length} visible ASCII characters, without blanks.");
        }
    }

    private static void CheckFile(string? file, string key, ConfigurationErrors errors)
    {
        if (file is not null && !File.Exists(file))
        {
            errors.Add(key, "names a file that does not exist: write the path of a PEM file, relative to the configuration file.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+.^_`|~-]{1,32}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
