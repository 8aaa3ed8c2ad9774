using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Mvc.Filters;

namespace ErlChat.Web.Answers;

/// <summary>An action whose answer may be long and is made for this request alone: it waits for its turn before it is made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongAnswerAttribute : Attribute, IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        AnswerWriter answers = context.HttpContext.RequestServices.GetRequiredService<AnswerWriter>();
        using RateLimitLease? lease = await answers.ReserveAsync(context.HttpContext);
        if (lease is null)
            await AnswerWriter.RefuseAsync(context.HttpContext);
        else
            await next();
    }
}
