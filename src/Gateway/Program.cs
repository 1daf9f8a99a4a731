using System.CommandLine;
using Gateway.Cli;

// The host answers SIGTERM itself: it lets calls under way end and writes their records, which takes longer than the
// two seconds after which the command line would end the process.
return await CommandLine.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
