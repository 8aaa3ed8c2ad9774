using System.Buffers;
using System.IO.Pipelines;
using ErlChat.Protocol.Comet;
using Microsoft.Net.Http.Headers;

namespace ErlChat.Web.Requests;

/// <summary>Reads a posted form. Kestrel limits the size of its body.</summary>
internal static class FormReader
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    /// <summary>
    /// Returns the form's fields; none if the request has no body. A body of another type is refused with 415, a malformed or too large one
    /// with another 4xx.
    /// </summary>
    internal static async Task<PostedForm> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0)
            return new PostedForm(s_none, null);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return new PostedForm(s_none, StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            while (true)
            {
                ReadResult read = await request.BodyReader.ReadAsync();
                if (read.IsCompleted)
                {
                    IReadOnlyDictionary<string, string> fields =
                        FormFields.Parse(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray());
                    request.BodyReader.AdvanceTo(read.Buffer.End);
                    return new PostedForm(fields, null);
                }

                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException e)
        {
            return new PostedForm(s_none, e.StatusCode);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away while sending, which is not an error of the server. Aborting keeps Kestrel from waiting for the rest.
            request.HttpContext.Abort();
            return new PostedForm(s_none, StatusCodes.Status400BadRequest);
        }
    }
}

/// <summary>A posted form, or the HTTP status that refuses it.</summary>
internal readonly record struct PostedForm(IReadOnlyDictionary<string, string> Fields, int? Refusal)
{
    /// <summary>The value of a field; null if it is missing.</summary>
    internal string? this[string name] => Fields.GetValueOrDefault(name);

    /// <summary>The value of a field; null if it is missing or empty.</summary>
    internal string? Named(string name) => this[name] is { Length: > 0 } value ? value : null;

    /// <summary>Reads <c>0</c> or <c>1</c>; null if the field is missing. Returns false for anything else.</summary>
    internal bool TryFlag(string name, out bool? flag)
    {
        string? text = this[name];
        flag = text is null ? null : text == "1";
        return text is null or "0" or "1";
    }
}
