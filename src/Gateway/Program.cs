using Gateway.Cli;

return await CommandLine.Create().Parse(args).InvokeAsync();
