using System.Globalization;
using Gateway.Benchmarks.Calls;
using Gateway.Benchmarks.Cedar;
using Gateway.Benchmarks.Identity;
using Gateway.Benchmarks.Proxy;
using Gateway.Benchmarks.Tasks;

return args switch
{
    ["tokens", var folder] => TokensVerb.Run(folder),
    ["yarp", var port, var upstream, var authorization] => await YarpVerb.RunAsync(port, upstream, authorization),
    ["unlogged", var config] => await UnloggedVerb.RunAsync(config),
    ["report", var folder, .. { Length: <= 1 } json] => ReportVerb.Run(folder, json.FirstOrDefault()),
    ["cedar", var folder] => CedarVerb.Run(folder),
    ["dpop", var folder] => DpopVerb.Run(folder),
    ["tasks", var folder] => await TasksVerb.RunAsync(folder),
    ["calls", var folder, var count] => await CallsVerb.RunAsync(folder, int.Parse(count, CultureInfo.InvariantCulture)),
    ["journal", var folder, var count] => await JournalVerb.RunAsync(folder, int.Parse(count, CultureInfo.InvariantCulture)),
    [JournalVerb.ChildVerb, var log, var key, var count] => await JournalVerb.WriteAsync(log, key, int.Parse(count, CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        Usage (tests/bench drives the first four):
          tokens FOLDER                      keys, a JWKS, one good and four bad JWTs per algorithm
          yarp PORT UPSTREAM AUTHORIZATION   bare YARP: one route, one request-header transform
          unlogged CONFIG                    the gateway without its call log, which nobody can configure
          report FOLDER [OUT.json]           medians, spreads and ratios of FOLDER/rounds.tsv
          cedar FOLDER                       policy decisions per second, with reports in FOLDER
          dpop FOLDER                        cost of verifying a DPoP proof, with reports in FOLDER
          tasks FOLDER                       from a task's end until its credential is out of use; FOLDER/task-end.md
          calls FOLDER COUNT                 the call log's index over a log of so many calls; FOLDER/calls-index.md
          journal FOLDER COUNT               the call log written, continued after a kill, and verified; FOLDER/call-log.md
        """);
    return 2;
}
