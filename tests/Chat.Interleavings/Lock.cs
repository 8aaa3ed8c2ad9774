namespace ErlChat;

/// <summary>
/// Stands in for <see cref="System.Threading.Lock"/>, which Coyote 1.7 does not know: to lock this is to enter a monitor, and those it controls.
/// </summary>
internal sealed class Lock;
