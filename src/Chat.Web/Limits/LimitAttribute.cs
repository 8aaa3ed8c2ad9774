namespace ErlChat.Web.Limits;

/// <summary>Endpoint metadata that says what a request to the endpoint costs. A test checks that every endpoint has it.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class LimitAttribute(Charge charge) : Attribute
{
    internal Charge Charge { get; } = charge;
}

/// <summary>What a request costs before its endpoint sees it.</summary>
internal enum Charge
{
    /// <summary>A read for the address: pages, files, public information, and requests that match no endpoint.</summary>
    Page,

    /// <summary>
    /// A read for the session, or for the address if there is no session. Refused with <c>rate_limited</c>. If the request writes to the
    /// log, the chat room also charges a message.
    /// </summary>
    Session,

    /// <summary>A read for the address. The chat room charges the login itself.</summary>
    Login,

    /// <summary>A read for the address. The chat room charges the login on the connection.</summary>
    Upgrade,

    /// <summary>A health check.</summary>
    Probe,

    /// <summary>Nothing here; the endpoint charges the poll itself (<see cref="PollLimits"/>).</summary>
    Poll,
}
