namespace ErlChat.Settings;

/// <summary>How an option's value is shown to operators, if it contains a secret among other things.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class ShownAttribute : Attribute
{
    /// <summary>The value with its secrets replaced.</summary>
    /// <param name="value">The value as configured, valid or not; never empty.</param>
    /// <param name="mask">What to put in the place of a secret.</param>
    public abstract string Show(string value, string mask);
}
