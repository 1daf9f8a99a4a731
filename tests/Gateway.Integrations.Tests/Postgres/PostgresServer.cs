using System.Diagnostics;
using Npgsql;

namespace Gateway.Integrations.Tests.Postgres;

/// <summary>A PostgreSQL server of Debian's, on a Unix socket in a folder of its own, as a user without rights.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("gateway-pg-").FullName;
    private Process? _server;
    private int _databases;

    private static string Programs =>
        Directory.Exists("/usr/lib/postgresql") && Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).LastOrDefault() is { } version
            ? Path.Combine(version, "bin")
            : throw new InvalidOperationException("PostgreSQL is missing: tests/run installs it.");

    public async ValueTask InitializeAsync()
    {
        await RunAsync("chmod", "711", _root);
        var data = Path.Combine(_root, "data");
        var socket = Directory.CreateDirectory(Path.Combine(_root, "s")).FullName;
        Directory.CreateDirectory(data);
        if (IsRoot)
        {
            await RunAsync("chown", "-R", "postgres", data, socket);
        }

        await AsUserAsync("initdb", "-D", data, "-U", "gateway", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C");
        _server = Start([.. User, Path.Combine(Programs, "postgres"), "-D", data, "-k", socket, "-c", "listen_addresses=", "-c", "fsync=off"]);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (attempt < 300 && !_server.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>Where a new, empty database is.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"calls{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is { } server)
        {
            await RunAsync("kill", "-INT", $"{server.Id}"); // PostgreSQL's fast shutdown
            await server.WaitForExitAsync();
            server.Dispose();
        }

        Directory.Delete(_root, recursive: true);
    }

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>PostgreSQL refuses to run as root. setpriv becomes the program, so that its process is ours to stop.</summary>
    private static string[] User => IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];

    private string ConnectionString(string database) => $"Host={_root}/s;Username=gateway;Database={database}";

    private static Task AsUserAsync(string program, params string[] arguments) => RunAsync([.. User, Path.Combine(Programs, program), .. arguments]);

    private static async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command[0]}: {errors}");
    }

    private static Process Start(string[] command)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }
}
