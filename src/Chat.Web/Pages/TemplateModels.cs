namespace ErlChat.Web.Pages;

/// <summary>
/// The values for one template. A template refers to <c>MaxNickLength</c> as <c>{{ max_nick_length }}</c>. Every template also has <c>{{
/// base }}</c>, the path base that the site's addresses begin with: empty, or for example <c>/talk</c>.
/// </summary>
/// <param name="Template">The template's name, as in <c>templates/TEMPLATE.html</c>.</param>
internal abstract record TemplateModel(string Template)
{
    internal string Template { get; } = Template;
}

/// <summary>The values for what surrounds the body of every page.</summary>
/// <param name="Name">The page's name, which its script has too.</param>
/// <param name="Assets">The prefix of the addresses of scripts and style sheets.</param>
/// <param name="Styles">The style sheets, below the prefix.</param>
/// <param name="Script">The page's module.</param>
/// <param name="Preloads">The modules to fetch in advance.</param>
internal sealed record LayoutModel(
    string Title, string Name, Html Body, string Assets, IReadOnlyList<string> Styles, string Script, IReadOnlyList<string> Preloads)
    : TemplateModel("layout");

/// <summary>The login page.</summary>
/// <param name="To">Where the login leads (<see cref="LoginDestination"/>).</param>
/// <param name="Error">Why the last attempt was refused.</param>
/// <param name="Nick">The nick of that attempt, for the user to correct.</param>
/// <param name="AsksPassword">Whether the password field is open.</param>
internal sealed record IndexModel(int MaxNickLength, string? To, string? Error = null, string? Nick = null, bool AsksPassword = false)
    : TemplateModel("index")
{
    /// <summary>The name of the provider with whose accounts one can log in; null for none.</summary>
    public string? Provider { get; init; }

    /// <summary>Why an administrator ended the browser's session; null if none did, and after an attempt.</summary>
    public string? Removed { get; init; }

    /// <summary>Whether the server sends links to those who forgot their password.</summary>
    public bool SendsEmail { get; init; }
}

/// <summary>The page on which somebody chooses a nick who has logged in with a provider for the first time.</summary>
/// <param name="Provider">The name of the provider.</param>
/// <param name="MaxNickLength">The longest nick.</param>
/// <param name="Nick">A suggestion, or the nick of the last attempt.</param>
/// <param name="Error">Why the last attempt was refused.</param>
internal sealed record NewcomerModel(string Provider, int MaxNickLength, string Nick, string? Error) : TemplateModel("newcomer");

/// <summary>The page that says that a login with a provider has failed.</summary>
/// <param name="Provider">The name of the provider.</param>
/// <param name="Why">The chat's own reason; null if the provider or the browser is the reason.</param>
internal sealed record ProviderFailedModel(string Provider, string? Why) : TemplateModel("provider-failed");

/// <summary>The page on which a member sets a new password with a link.</summary>
/// <param name="Token">The secret of the link; null if the link is not valid.</param>
/// <param name="Nick">Whose password it is.</param>
/// <param name="Error">Why the last attempt was refused.</param>
/// <param name="Done">Whether the password has been set.</param>
internal sealed record ResetModel(string? Token, string? Nick, string? Error = null, bool Done = false) : TemplateModel("reset");

/// <summary>The page on which a member who forgot the password asks for a link.</summary>
/// <param name="Nick">The nick of the last attempt.</param>
/// <param name="Error">Why that attempt was refused.</param>
/// <param name="Done">Whether an e-mail is on its way, if there is such a member.</param>
internal sealed record ForgottenModel(string? Nick = null, string? Error = null, bool Done = false) : TemplateModel("forgotten");

/// <summary>The page on which a member confirms an e-mail address with a link.</summary>
/// <param name="Token">The secret of the link; null if the link is not valid, or was used.</param>
/// <param name="Nick">Whose address it is.</param>
/// <param name="Address">The address.</param>
/// <param name="Error">Why the link cannot be used.</param>
/// <param name="Done">Whether the address has been confirmed.</param>
internal sealed record EmailModel(string? Token, string? Nick, string? Address, string? Error = null, bool Done = false)
    : TemplateModel("email");

/// <summary>The page on which somebody becomes a member with a link.</summary>
/// <param name="Token">The secret of the link; null if the link is not valid.</param>
/// <param name="MaxNickLength">The longest nick.</param>
/// <param name="Nick">The nick of the last attempt, for the user to correct.</param>
/// <param name="Error">Why that attempt was refused.</param>
/// <param name="Provider">The name of the provider with whose accounts one can log in instead; null for none.</param>
internal sealed record InvitationModel(string? Token, int MaxNickLength, string? Nick, string? Error, string? Provider)
    : TemplateModel("invitation");

internal sealed record ChatModel() : TemplateModel("chat");

internal sealed record OperatorModel() : TemplateModel("operator");

/// <summary>The page that asks for the administrators' password.</summary>
/// <param name="Off">The server has none, so the page says so instead of asking.</param>
internal sealed record PasswordModel(bool Off) : TemplateModel("password");

/// <summary>A refusal (<see cref="Origins.RefusalText"/>).</summary>
internal sealed record RefusedModel(string Key, string Text, IReadOnlyList<string> Advice) : TemplateModel("refused");

internal sealed record AdminInfoModel(string Nick, string Address, string LastAction) : TemplateModel("admin-info");

internal sealed record AdminBansModel(IReadOnlyList<BanRow> Bans) : TemplateModel("admin-bans");

internal sealed record BanRow(string Host, string Nick, string Reason, string TimeLeft);

internal sealed record AdminLogModel(IReadOnlyList<ActRow> Acts, int Page, int Pages) : TemplateModel("admin-log");

internal sealed record ActRow(
    string At, string By, string ById, string Act, string Of, string OfId, bool HitsAddress, string Until, string Text);
