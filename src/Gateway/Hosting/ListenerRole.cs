namespace Gateway.Hosting;

/// <summary>What a listener is for.</summary>
internal enum ListenerRole
{
    Agents,
    Admin,
}
