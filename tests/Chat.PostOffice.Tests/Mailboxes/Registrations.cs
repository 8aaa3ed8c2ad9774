using System.Reflection;

namespace ErlChat.Tests;

/// <summary>Counts what is registered on a token. There is no public way to see that, so this looks inside, and fails loudly should a runtime look different.</summary>
internal static class Registrations
{
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    internal static int On(CancellationTokenSource source)
    {
        FieldInfo field = typeof(CancellationTokenSource).GetField("_registrations", Inside) ?? throw new NotSupportedException("CancellationTokenSource._registrations");
        if (field.GetValue(source) is not { } registrations)
            return 0;
        object? node = Value(registrations, "Callbacks");
        int count = 0;
        for (; node is not null; node = Value(node, "Next"))
            count++;
        return count;
    }

    private static object? Value(object from, string name) =>
        (from.GetType().GetField(name, Inside) ?? throw new NotSupportedException($"{from.GetType()}.{name}")).GetValue(from);
}
