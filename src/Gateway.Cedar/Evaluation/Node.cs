namespace Gateway.Cedar.Evaluation;

/// <summary>A compiled expression. What it returns is its value or, in the same place, an error.</summary>
internal abstract class Node
{
    public abstract CedarValue Evaluate(in EvaluationFrame frame);
}
