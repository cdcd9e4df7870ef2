using System.CommandLine;

namespace Ovation.Cli;

/// <summary>Options that every command has.</summary>
internal static class Globals
{
    public static readonly Option<bool> Json = new("--json") { Description = "One JSON document on stdout, nothing else there", Recursive = true };

    public static readonly Option<Uri> Url = new("--url")
    {
        Description = "The server's origin; OVATION_URL without it",
        Recursive = true,
        HelpName = "origin",
        CustomParser = result => Origin(result.Tokens[0].Value) is { } origin ? origin : Wrong(result, "--url"),
    };

    public static readonly Option<Uri> Rpc = new("--rpc")
    {
        Description = "A node of your own to read the chain through; OVATION_CHAIN without it, else the node the server names",
        Recursive = true,
        HelpName = "url",
        CustomParser = result => Node(result.Tokens[0].Value) is { } node ? node : Wrong(result, "--rpc"),
    };

    public static void AddTo(RootCommand root)
    {
        root.Options.Add(Json);
        root.Options.Add(Url);
        root.Options.Add(Rpc);
    }

    /// <summary>An option's value inside a validator; default where the value cannot be read, which the parser reports by itself.</summary>
    public static T? Sound<T>(this System.CommandLine.Parsing.CommandResult result, Option<T> option)
    {
        try
        {
            return result.GetValue(option);
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }

    public static Uri? Origin(string text) =>
        Node(text) is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" } url ? url : null;

    public static Uri? Node(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    private static Uri? Wrong(System.CommandLine.Parsing.ArgumentResult result, string option)
    {
        result.AddError($"{option} takes an address such as http://localhost:8080, not “{result.Tokens[0].Value}”.");
        return null;
    }
}
