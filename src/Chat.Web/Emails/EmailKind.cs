namespace ErlChat.Web.Emails;

/// <summary>For what an e-mail is sent.</summary>
internal enum EmailKind
{
    /// <summary>A link for a new password, for which anybody may ask.</summary>
    Reset,

    /// <summary>A link that confirms an address, for which a member has asked.</summary>
    Confirmation,
}
