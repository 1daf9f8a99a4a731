using System.Net.Sockets;
using Gateway.Configuration;
using Gateway.Core.Credentials;
using Gateway.Core.Tasks;
using Gateway.Hosting;
using Gateway.Integrations.Receivers;
using Gateway.Integrations.Sqlite;
using Gateway.Integrations.Vault;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Cli;

/// <summary>Says which setting an exception is about that ended the start.</summary>
internal static class StartupFault
{
    /// <returns>Without a stack trace, in one line.</returns>
    public static ConfigurationError Describe(Exception exception) => exception switch
    {
        StartupException startup => new(startup.Key, startup.Message),
        StateDatabaseException or LedgerUnavailableException or StateUnavailableException or SecretUnavailableException => new("Gateway:DataDirectory", exception.Message),
        VaultException => new("Gateway:Vault", exception.Message),
        ReceiverFileException => new("Gateway:Audit:Sinks", exception.Message),
        SocketException or IOException { InnerException: AddressInUseException or SocketException } => new("Gateway:Listeners", FirstLine(exception)),
        _ => new("Gateway", $"the gateway cannot start: {FirstLine(exception)} ({exception.GetType().Name})"),
    };

    /// <summary>The exception and what it came of, by types and messages.</summary>
    public static string Trail(Exception exception)
    {
        var trail = $"{exception.GetType().Name}: {FirstLine(exception)}";
        return exception.InnerException is { } inner ? $"{trail} <- {Trail(inner)}" : trail;
    }

    private static string FirstLine(Exception exception) => exception.Message.Split('\n', 2)[0].TrimEnd('\r');
}
