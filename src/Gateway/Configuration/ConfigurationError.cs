namespace Gateway.Configuration;

/// <summary>Something an operator has to correct, or in a warning, ought to look at.</summary>
/// <param name="Key">Where, as the operator writes it: <c>Gateway:Tools:github:Path</c>; the file itself where no key applies.</param>
/// <param name="Message">What is wrong and what to write instead. Never what was written: any value may be a misplaced secret.</param>
internal sealed record ConfigurationError(string Key, string Message);
