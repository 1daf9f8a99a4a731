namespace Gateway.Hosting;

/// <summary>What a listener is for. The zero value serves nothing.</summary>
internal enum ListenerRole
{
    None = 0,
    Agents,
    Admin,
}
