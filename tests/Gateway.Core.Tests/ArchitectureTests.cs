using System.Reflection;
using System.Reflection.Emit;
using System.Xml.Linq;

namespace Gateway.Core.Tests;

/// <summary>Who may know whom. A new dependency is a decision, taken by writing it down here.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "Gateway.Core";
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>What one area of the core uses of another.</summary>
    private static readonly string[] AllowedBetweenAreas =
    [
        "Identity -> Credentials.SecretReference",
        "Policy -> Identity.AgentIdentity",
    ];

    /// <summary>What the core uses beside the base class library: contracts, and no server.</summary>
    private static readonly string[] AllowedFrameworks = ["Gateway.Cedar", "Microsoft.Extensions.Logging.Abstractions"];

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => o.Value);

    [Theory]
    [InlineData("Gateway.Cedar")]
    [InlineData("Gateway.Core", "Gateway.Cedar")]
    [InlineData("Gateway.Integrations", "Gateway.Core")]
    [InlineData("Gateway", "Gateway.Core", "Gateway.Integrations")]
    public void Project_References_GoOneWay(string project, params string[] allowed)
    {
        var references = Items(project, "ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p.Replace('\\', '/')));

        Assert.Equal(allowed, references.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Gateway.Cedar")]
    [InlineData("Gateway.Core")]
    [InlineData("Gateway.Integrations", "Microsoft.Data.Sqlite", "Npgsql", "SQLitePCLRaw.bundle_e_sqlite3")]
    public void Project_BelowTheExecutable_NeedsNoOtherPackage(string project, params string[] allowed) =>
        Assert.Equal(allowed, Items(project, "PackageReference").Order(StringComparer.Ordinal));

    [Fact]
    public void Cedar_References_TheBaseClassLibraryOnly() => Assert.Empty(BeyondTheBaseClassLibrary(Assembly.Load("Gateway.Cedar")));

    [Fact]
    public void Core_References_NoServer() => Assert.Equal(AllowedFrameworks, BeyondTheBaseClassLibrary(Assembly.Load(Root)));

    [Fact]
    public void Areas_OfTheCore_KnowEachOtherThroughRootRecordsOnly()
    {
        var uses = Assembly.Load(Root).GetTypes()
            .Where(type => Area(type) is not null)
            .SelectMany(type => UsedBy(type).Where(used => Area(used) is { } area && area != Area(type)).Select(used => $"{Area(type)} -> {Name(used)}"))
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(AllowedBetweenAreas, uses);
    }

    [Fact]
    public void Verification_OfTheCallLog_SharesNothingWithItsWriter()
    {
        const string Verification = $"{Root}.Audit.Verification";
        var types = Assembly.Load(Root).GetTypes().Where(type => IsBelow(type, Verification)).ToList();

        Assert.NotEmpty(types);
        Assert.Empty(types.SelectMany(UsedBy).Where(used => used.Assembly == types[0].Assembly && !IsBelow(used, Verification) && IsBelow(used, Root)).Distinct());
        Assert.DoesNotContain(
            Assembly.Load(Root).GetTypes().Where(type => !IsBelow(type, Verification) && IsBelow(type, Root)),
            type => UsedBy(type).Any(used => IsBelow(used, Verification)));
    }

    [Fact]
    public void UsedBy_TypeUsedInABodyOnly_IsSeen() => Assert.Contains(typeof(UriBuilder), UsedBy(typeof(Specimen)));

    private static string? Area(Type type) =>
        type.Namespace is { } space && space.StartsWith($"{Root}.", StringComparison.Ordinal) ? space.Split('.')[2] : null;

    private static bool IsBelow(Type type, string space) =>
        type.Namespace is { } own && (own == space || own.StartsWith($"{space}.", StringComparison.Ordinal));

    private static string Name(Type type) => $"{type.Namespace}.{type.Name}"[(Root.Length + 1)..];

    private static IEnumerable<string> BeyondTheBaseClassLibrary(Assembly assembly)
    {
        var library = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return assembly.GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(name => !File.Exists(Path.Combine(library, $"{name}.dll")))
            .Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Items(string project, string kind)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("These tests run from a folder below the repository.");
        }

        return XDocument.Load(Path.Combine(folder.FullName, "src", project, $"{project}.csproj"))
            .Descendants(kind)
            .Select(e => e.Attribute("Include")?.Value ?? "");
    }

    /// <summary>Every type that a type names: in its declaration, its members' signatures and its methods' bodies.</summary>
    private static HashSet<Type> UsedBy(Type type)
    {
        var used = new HashSet<Type>();
        Add(type.BaseType);
        AddAll(type.GetInterfaces());
        AddAll(type.GetFields(Everything).Select(f => f.FieldType));
        AddAll(type.GetProperties(Everything).Select(p => p.PropertyType));
        foreach (var method in type.GetMembers(Everything).OfType<MethodBase>())
        {
            AddAll(method.GetParameters().Select(p => p.ParameterType));
            Add((method as MethodInfo)?.ReturnType);
            AddAll(method.GetMethodBody()?.LocalVariables.Select(v => v.LocalType) ?? []);
            foreach (var member in MembersIn(method))
            {
                Add(member as Type ?? member.DeclaringType);
            }
        }

        return used;

        void AddAll(IEnumerable<Type> types)
        {
            foreach (var each in types)
            {
                Add(each);
            }
        }

        void Add(Type? each)
        {
            if (each is null || !used.Add(each))
            {
                return;
            }

            Add(each.GetElementType());
            Add(each.DeclaringType);
            AddAll(each.IsGenericType ? each.GetGenericArguments() : []);
        }
    }

    /// <summary>The types, methods and fields that a method's instructions name.</summary>
    private static IEnumerable<MemberInfo> MembersIn(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var i = 0; i < code.Length;)
        {
            var opCode = code[i] == 0xFE ? OpCodesByValue[unchecked((short)(0xFE00 | code[i + 1]))] : OpCodesByValue[code[i]];
            i += opCode.Size;
            if (opCode.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok)
            {
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, i), ofType, ofMethod)!;
            }

            i += opCode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, i)),
                _ => 4,
            };
        }
    }

    private sealed class Specimen
    {
        public static string Host(string text) => new UriBuilder(text).Host;
    }
}
