namespace Gateway.Core.Credentials;

/// <summary>Debts by id, by task and by what covers them. Not for concurrent use.</summary>
internal sealed class DebtIndex
{
    private readonly Dictionary<string, Debt> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<Debt>> _byTask = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<Debt>> _byCover = new(StringComparer.Ordinal);

    public void Add(Debt debt)
    {
        _byId.Add(debt.Id, debt);
        Add(_byTask, debt.Owed.Key.Task, debt);
        Add(_byCover, debt.Owed.CoveredBy ?? "", debt);
    }

    /// <returns>Whether it was there.</returns>
    public bool Remove(Debt debt)
    {
        if (!_byId.Remove(debt.Id))
        {
            return false;
        }

        Remove(_byTask, debt.Owed.Key.Task, debt);
        Remove(_byCover, debt.Owed.CoveredBy ?? "", debt);
        return true;
    }

    public Debt? Find(string id) => _byId.GetValueOrDefault(id);

    public IReadOnlyList<Debt> All() => [.. _byId.Values];

    public IReadOnlyList<Debt> OfTask(string task) => _byTask.TryGetValue(task, out var debts) ? [.. debts] : [];

    public IReadOnlyList<Debt> CoveredBy(Debt debt) => _byCover.TryGetValue(debt.Id, out var debts) ? [.. debts] : [];

    private static void Add(Dictionary<string, HashSet<Debt>> index, string name, Debt debt)
    {
        if (name.Length == 0)
        {
            return;
        }

        if (!index.TryGetValue(name, out var debts))
        {
            index[name] = debts = [];
        }

        debts.Add(debt);
    }

    private static void Remove(Dictionary<string, HashSet<Debt>> index, string name, Debt debt)
    {
        if (index.TryGetValue(name, out var debts) && debts.Remove(debt) && debts.Count == 0)
        {
            index.Remove(name);
        }
    }
}
