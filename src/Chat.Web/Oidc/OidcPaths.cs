namespace ErlChat.Web.Oidc;

/// <summary>The paths of a login with a provider, below the path base.</summary>
internal static class OidcPaths
{
    /// <summary>Sends the browser to the provider.</summary>
    internal const string Begin = "/login/oidc";

    /// <summary>To where the provider sends the browser back. The provider has to know it.</summary>
    internal const string Callback = "/login/oidc/callback";

    /// <summary>Where newcomers choose their nick.</summary>
    internal const string Nick = "/login/oidc/nick";
}
