using System.Text;

namespace ErlChat.Load.Wire;

/// <summary>A copy of a reply, for code that awaits it (logins, but nothing that is measured).</summary>
internal sealed class Answer
{
    internal Answer(in Reply reply) => (Status, Head, Body) = (reply.Status, Encoding.Latin1.GetString(reply.Head), reply.Body.ToArray());

    internal int Status { get; }

    internal string Head { get; }

    internal byte[] Body { get; }

    internal string Text => Encoding.UTF8.GetString(Body);

    public override string ToString() => $"{Status}: {(Text.Length > 200 ? Text[..200] : Text)}";
}
