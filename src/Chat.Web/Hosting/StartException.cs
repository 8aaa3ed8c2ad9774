namespace ErlChat.Web.Hosting;

/// <summary>
/// The start failed for a reason that an operator can mend. It is shown as that reason, also where the host logs it: a stack trace would
/// say nothing more.
/// </summary>
internal sealed class StartException(string message, Exception? cause = null) : Exception(message, cause)
{
    public override string ToString() => Message;
}
