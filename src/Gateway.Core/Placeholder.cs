namespace Gateway.Core; internal static class Placeholder;
