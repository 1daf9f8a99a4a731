namespace Gateway.Cedar; internal static class Placeholder;
