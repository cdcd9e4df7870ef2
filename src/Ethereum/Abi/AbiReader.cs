using System.Globalization;

namespace Ovation.Ethereum;

/// <summary>Reads types and declarations as Solidity writes them. Strict: what it does not know is an <see cref="AbiException"/>.</summary>
internal ref struct AbiReader(string text)
{
    private int position;
    private int depth;

    internal AbiType Type()
    {
        if (++depth > AbiType.MaxDepth) throw Wrong($"nested deeper than {AbiType.MaxDepth}");
        AbiType type;
        if (Peek() == '(')
        {
            type = AbiType.TupleOf(Parameters());
        }
        else
        {
            var name = Word();
            type = name == "tuple" ? AbiType.TupleOf(Parameters()) : AbiType.Named(name);
        }

        for (var suffixes = 0; Peek() == '['; suffixes++)
        {
            if (depth + suffixes > AbiType.MaxDepth) throw Wrong($"nested deeper than {AbiType.MaxDepth}");
            Expect('[');
            var length = -1;
            if (Peek() != ']' && !int.TryParse(Word(), NumberStyles.None, CultureInfo.InvariantCulture, out length)) throw Wrong("an array's length is a number");
            Expect(']');
            type = AbiType.ArrayOf(type, length);
        }

        depth--;
        return type;
    }

    internal IReadOnlyList<AbiParameter> Parameters(bool indexed = false)
    {
        var parameters = new List<AbiParameter>();
        Expect('(');
        while (Peek() != ')')
        {
            if (parameters.Count > 0) Expect(',');
            var type = Type();
            var name = IsWord(Peek()) ? Word() : "";
            var isIndexed = indexed && name == "indexed";
            if (isIndexed) name = IsWord(Peek()) ? Word() : "";
            if (name.Length > 0 && parameters.Any(p => p.Name == name)) throw Wrong($"two parameters are named '{name}'");
            parameters.Add(new(type, name, isIndexed));
        }

        Expect(')');
        return parameters;
    }

    /// <summary>"keyword name", where the keyword may be missing.</summary>
    internal string Name(string keyword)
    {
        var word = Word();
        return word == keyword ? Word() : word;
    }

    internal string Word()
    {
        SkipSpaces();
        var start = position;
        while (position < text.Length && IsWord(text[position])) position++;
        return position > start ? text[start..position] : throw Wrong("a word is missing");
    }

    internal char Peek()
    {
        SkipSpaces();
        return position < text.Length ? text[position] : '\0';
    }

    internal void Expect(char c)
    {
        if (Peek() != c) throw Wrong($"expected '{c}'");
        position++;
    }

    internal void End()
    {
        if (Peek() == ';') position++;
        if (Peek() != '\0') throw Wrong("more follows than a declaration has");
    }

    internal readonly AbiException Wrong(string what) => new($"\"{text}\", at {position}: {what}");

    private void SkipSpaces()
    {
        while (position < text.Length && text[position] == ' ') position++;
    }

    internal static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$';
}
