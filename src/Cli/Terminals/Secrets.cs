using System.CommandLine;
using System.Text;
using Ovation.Client;

namespace Ovation.Cli.Terminals;

/// <summary>Secrets come by option, standard input, environment or prompt, in this order; only the last three keep them out of process lists.</summary>
internal static class Secrets
{
    public static readonly Option<string> Password = new("--password") { Description = "The password; better: --password-stdin, OVATION_PASSWORD or the prompt" };

    public static readonly Option<bool> PasswordStdin = new("--password-stdin") { Description = "Read the password from the first line of standard input" };

    public static void AddTo(Command command)
    {
        command.Options.Add(Password);
        command.Options.Add(PasswordStdin);
        command.Validators.Add(result =>
        {
            if (result.Sound(PasswordStdin) && result.GetResult(Password) is not null)
                result.AddError("--password and --password-stdin exclude each other.");
        });
    }

    public static string ReadPassword(Invocation run)
    {
        if (run.Value(Password) is { } given)
            return given;
        if (run.Value(PasswordStdin))
            return Console.In.ReadLine() ?? throw new RefusedException("no-password", "Standard input holds no password.");
        return Read("OVATION_PASSWORD", "Password: ")
            ?? throw new RefusedException("no-password", "No password: give --password-stdin or OVATION_PASSWORD where there is no terminal to ask at.");
    }

    /// <summary>From a variable, else from a person; null where there is neither.</summary>
    public static string? Read(string variable, string prompt)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set)
            return set;
        if (Console.IsInputRedirected)
            return null;
        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        for (ConsoleKeyInfo key; (key = Console.ReadKey(intercept: true)).Key != ConsoleKey.Enter;)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return typed.ToString();
    }
}
