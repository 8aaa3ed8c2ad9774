namespace ErlChat.Load.Drivers.Flack;

/// <summary>A member of a chat. There is nothing to poll.</summary>
internal sealed class FlackListener(Reactor reactor, int number, string chat) : Listener(reactor, number)
{
    private FlackLogin? _login;

    internal override async Task EnterAsync()
    {
        _login = new FlackLogin();
        await _login.EnterAsync(Connection, $"p{Number}", chat);
        _login = null;
    }

    internal override void Park()
    {
        // The open socket needs no poll.
    }

    protected override string? Refusal(in Reply reply) => null;

    protected override void Advance(in Reply reply) => _login?.See(reply.Body);
}
