namespace ErlChat.Web.Origins;

/// <summary>Who made a request, as far as the browser tells.</summary>
internal enum RequestSource
{
    /// <summary>One of the chat's own pages, or a page of <c>Chat:AllowedOrigins</c>, or the user by hand.</summary>
    Own,

    /// <summary>No browser: nothing tells of a page.</summary>
    Program,

    /// <summary>A page of another origin.</summary>
    Foreign,

    /// <summary>A page whose origin the browser keeps to itself (<c>Origin: null</c>).</summary>
    Opaque,

    /// <summary>A browser that says nothing about the page, where it need not.</summary>
    Unstated,
}
