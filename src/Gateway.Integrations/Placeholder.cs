namespace Gateway.Integrations; internal static class Placeholder;
