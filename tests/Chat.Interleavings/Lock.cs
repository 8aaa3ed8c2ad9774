namespace ErlChat;

/// <summary>
/// Replaces <see cref="System.Threading.Lock"/>, which Coyote 1.7 does not know. Locking an object of this class enters a monitor, which
/// Coyote controls.
/// </summary>
internal sealed class Lock;
