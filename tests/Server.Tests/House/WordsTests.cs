using System.Text.RegularExpressions;

namespace Ovation.Server.Tests.House;

/// <summary>Words and shapes the house refuses (CONTRIBUTING, rules 2 to 4).</summary>
public sealed partial class WordsTests
{
    [Fact]
    public void No_type_is_named_after_what_it_is_not()
    {
        var named = Checkout.Files("src", "*.cs").SelectMany(file => TypeName().Matches(File.ReadAllText(file)).Select(x => $"{Path.GetFileName(file)}: {x.Groups[1].Value}"))
            .Where(x => Refused().IsMatch(x)).ToArray();
        Assert.Empty(named);
    }

    [Fact]
    public void No_source_file_is_longer_than_four_hundred_lines()
    {
        var long_ = Checkout.Files("src", "*.cs").Concat(Checkout.Files("contracts/src", "*.sol")).Concat(Checkout.Files("demo", "*.cs")).Concat(Checkout.Files("chaos", "*.cs"))
            .Where(x => File.ReadLines(x).Count() > 400).Select(Path.GetFileName).ToArray();
        Assert.Empty(long_);
    }

    [Fact]
    public void Nothing_is_left_for_later_in_the_source()
    {
        var left = Checkout.Files("src", "*.cs").Concat(Checkout.Files("contracts/src", "*.sol"))
            .SelectMany(file => File.ReadLines(file).Where(x => Later().IsMatch(x)).Select(x => $"{Path.GetFileName(file)}: {x.Trim()}")).ToArray();
        Assert.Empty(left);
    }

    [Fact]
    public void The_environment_is_read_in_Platform_and_in_the_programs_a_person_starts()
    {
        var readers = Checkout.Files("src", "*.cs").Where(x => File.ReadAllText(x).Contains("GetEnvironmentVariable", StringComparison.Ordinal))
            .Select(x => Path.GetRelativePath(Path.Combine(Checkout.Root, "src"), x).Split('/')[0]).Distinct();
        Assert.Empty(readers.Except(["Platform", "Cli"]));
    }

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\s+(?:struct\s+|class\s+)?([A-Z]\w*)", RegexOptions.NonBacktracking)]
    private static partial Regex TypeName();

    [GeneratedRegex("(?:Service|Manager|Helper|Common|Utils|Base|Impl|Dto|IntegrationEvent)$", RegexOptions.NonBacktracking)]
    private static partial Regex Refused();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX)\b|NotImplementedException|#region", RegexOptions.NonBacktracking)]
    private static partial Regex Later();
}
