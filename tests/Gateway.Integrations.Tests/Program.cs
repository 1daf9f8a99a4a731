using Gateway.Integrations.Tests.Crash;

// The runner's own entry point, with one verb more.
if (args is [LeaseHarness.Verb, var dataDirectory, var issuer])
{
    await LeaseHarness.WorkUntilKilledAsync(dataDirectory, new Uri(issuer));
    return 0;
}

return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
