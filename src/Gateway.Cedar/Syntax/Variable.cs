namespace Gateway.Cedar.Syntax;

internal enum Variable
{
    Principal,
    Action,
    Resource,
    Context,
}
