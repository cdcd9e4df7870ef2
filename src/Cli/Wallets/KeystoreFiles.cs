using System.CommandLine;
using System.Security.Cryptography;
using Ovation.Cli.Terminals;
using Ovation.Client;
using Ovation.Ethereum;

namespace Ovation.Cli.Wallets;

/// <summary>Keystores on disk: the options that both commands have, the password, and what goes wrong with a file.</summary>
internal static class KeystoreFiles
{
    private const string Variable = "OVATION_KEYSTORE_PASSWORD";

    /// <summary>Adds <paramref name="file"/> and the password's way in, which means nothing without it.</summary>
    public static void AddTo(Command command, Option<FileInfo> file)
    {
        command.Options.Add(file);
        command.Options.Add(PasswordStdin);
        command.Validators.Add(result =>
        {
            if (result.GetResult(PasswordStdin) is { Implicit: false } && result.GetResult(file) is null)
                result.AddError("--password-stdin is the password of a keystore; give --keystore too.");
        });
    }

    public static PrivateKey Read(Invocation run, FileInfo file)
    {
        var text = Text(file);
        var password = Password(run, "Password of the keystore: ");
        try
        {
            return Keystore.Decrypt(text, password);
        }
        catch (CryptographicException)
        {
            throw new RefusedException("wrong-password", "The password is wrong, or the keystore was changed.");
        }
        catch (FormatException wrong)
        {
            throw new RefusedException("bad-keystore", $"{file.FullName}: {wrong.Message.TrimEnd('.')}.");
        }
    }

    /// <exception cref="RefusedException"><c>file-exists</c>: nothing is ever overwritten. <c>no-password</c>, <c>password-differs</c>.</exception>
    public static void Write(Invocation run, PrivateKey wallet, FileInfo file)
    {
        // Before the password is asked for; again, and for good, when the file is made.
        if (Path.Exists(file.FullName))
            throw Exists(file);
        var password = Password(run, "A password for the keystore: ", again: "The same once more: ");
        if (password.Length == 0)
            throw new RefusedException("no-password", "A keystore without a password protects nothing.");
        var keystore = Keystore.Encrypt(wallet, password);
        using var stream = Create(file);
        try
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(keystore));
            stream.Flush(flushToDisk: true);
        }
        catch (IOException full)
        {
            file.Delete(); // half a keystore looks like one
            throw new RefusedException("not-written", $"{file.FullName} could not be written: {full.Message}");
        }
    }

    private static FileStream Create(FileInfo file)
    {
        try
        {
            return new FileStream(file.FullName, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException) when (Path.Exists(file.FullName))
        {
            throw Exists(file);
        }
    }

    private static readonly Option<bool> PasswordStdin = new("--password-stdin")
    {
        Description = $"Read the keystore's password from the first line of standard input; else {Variable} or the prompt",
    };

    private static string Password(Invocation run, string prompt, string? again = null)
    {
        if (run.Value(PasswordStdin))
            return Console.In.ReadLine() ?? throw new RefusedException("no-password", "Standard input holds no password.");
        var asks = Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 };
        var password = Secrets.Read(Variable, prompt)
            ?? throw new RefusedException("no-password", $"No password: give --password-stdin or {Variable} where there is no terminal to ask at.");
        // A slip of the finger would lock the key away for ever.
        return !asks || again is null || Secrets.Read(Variable, again) == password
            ? password
            : throw new RefusedException("password-differs", "The two passwords differ; nothing was written.");
    }

    private static string Text(FileInfo file)
    {
        using var reader = file.OpenText();
        var text = new char[Keystore.MaxLength + 1];
        return new(text, 0, reader.ReadBlock(text));
    }

    private static RefusedException Exists(FileInfo file) =>
        new("file-exists", $"There is something at {file.FullName} already. It is never overwritten; choose another name.");
}
