namespace ErlChat.Web.Limits;

/// <summary>Names the limit that an endpoint is under, as its metadata. A test fails for an endpoint without one.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class LimitAttribute(Charge charge) : Attribute
{
    internal Charge Charge { get; } = charge;
}

/// <summary>What a request costs before its endpoint sees it.</summary>
internal enum Charge
{
    /// <summary>A read of the address: pages, files, what is told to anybody. The charge of what has no endpoint too.</summary>
    Page,

    /// <summary>
    /// A read of the session, which is told <c>rate_limited</c>; without one a read of the address. What writes to the log costs a message
    /// on top, in the chat room.
    /// </summary>
    Session,

    /// <summary>A read of the address; the login itself is taken in the chat room.</summary>
    Login,

    /// <summary>A read of the address; the login on the connection is taken in the chat room.</summary>
    Upgrade,

    /// <summary>A health check.</summary>
    Probe,

    /// <summary>Nothing: the endpoint takes what a poll costs (<see cref="PollLimits"/>).</summary>
    Poll,
}
