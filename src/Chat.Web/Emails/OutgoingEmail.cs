namespace ErlChat.Web.Emails;

/// <summary>An e-mail that is to be sent.</summary>
/// <param name="To">The receiver (<see cref="Members.EmailAddress.IsValid"/>).</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text.</param>
internal sealed record OutgoingEmail(string To, string Subject, string Text)
{
    /// <summary>Leaves everything out, so that no log shows it by accident.</summary>
    public override string ToString() => "an e-mail";
}
