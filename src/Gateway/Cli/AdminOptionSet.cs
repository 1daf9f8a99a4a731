using System.CommandLine;

namespace Gateway.Cli;

/// <summary>The options that every verb has which asks a running gateway.</summary>
internal sealed record AdminOptionSet(Option<string> Address, Option<FileInfo> Config, Option<DirectoryInfo?> Data)
{
    public static AdminOptionSet Create() => new(AdminClient.AddressOption(), CommandLine.ConfigOption(), AdminClient.DataOption());

    public Command AddTo(Command command)
    {
        command.Add(Address);
        command.Add(Config);
        command.Add(Data);
        return command;
    }
}
