namespace Gateway.Core.Audit.UnderWay;

/// <summary>A call whose decision is on stable ground and whose outcome is not yet known. The zero value is none.</summary>
/// <param name="Number">One more than the index of its slot.</param>
internal readonly record struct OpenCall(int Number)
{
    public bool IsNone => Number == 0;

    public int Slot => Number - 1;

    public static OpenCall At(int slot) => new(slot + 1);
}
