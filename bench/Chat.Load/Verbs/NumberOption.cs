using System.CommandLine;

namespace ErlChat.Load.Verbs;

/// <summary>Options that take a number of a range.</summary>
internal static class NumberOption
{
    internal static Option<int> Create(string name, int value, int least, int most, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is var given && (given < least || given > most))
                result.AddError($"{name} takes {least} to {most}.");
        });
        return option;
    }
}
