using System.Text.Json;
using Gateway.Cedar.Json;

namespace Gateway.Cedar.Tests.Oracle;

/// <summary>In some cases a template and a policy linked from it.</summary>
internal sealed record TemplateLinks(string Template, string Json, EntityUid? Principal, EntityUid? Resource)
{
    public static TemplateLinks Generate(Random random, RequestGenerator requests)
    {
        if (random.Next(6) > 0)
        {
            return new("", "", null, null);
        }

        var (template, hasResource) = new PolicyGenerator(random).Template();
        var principal = requests.Principal();
        var resource = hasResource ? requests.Resource() : null;
        var values = resource is null ? $"\"?principal\":{principal}" : $"\"?principal\":{principal},\"?resource\":{resource}";
        return new(
            "\n" + template,
            $",\"templates\":{{\"t\":{JsonSerializer.Serialize(template)}}},\"templateLinks\":[{{\"templateId\":\"t\",\"newId\":\"link\",\"values\":{{{values}}}}}]",
            Read(principal),
            resource is null ? null : Read(resource));
    }

    public PolicySet Apply(PolicySet set) =>
        Principal is null ? set : set.WithLinks([new(set.Templates[0].Id, "link", Principal, Resource)]);

    private static EntityUid Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ValueReader.ReadUid(document.RootElement, "link");
    }
}
