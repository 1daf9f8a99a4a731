using System.Text;
using Gateway.Integrations.DecisionPoints;

namespace Gateway.Integrations.Tests.DecisionPoints;

public sealed class QuestionTests
{
    [Fact]
    public void Write_AfterOneThatThrew_HasNothingOfIt()
    {
        Assert.Throws<NotSupportedException>(() => Question.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("secret", "of another");
            throw new NotSupportedException();
        }));

        Assert.Equal("{}", Encoding.UTF8.GetString(Write("")));
    }

    [Fact]
    public void Write_ManyOnOneThread_DoNotShareMemory()
    {
        var questions = Enumerable.Range(0, 50).Select(i => (Text: new string('x', i * 4_000), Question: Write(new string('x', i * 4_000)))).ToList();

        Assert.All(questions, q => Assert.Equal(q.Text.Length == 0 ? "{}" : $$"""{"a":"{{q.Text}}"}""", Encoding.UTF8.GetString(q.Question)));
    }

    private static byte[] Write(string text) => Question.Write(json =>
    {
        json.WriteStartObject();
        if (text.Length > 0)
        {
            json.WriteString("a", text);
        }

        json.WriteEndObject();
    });
}
