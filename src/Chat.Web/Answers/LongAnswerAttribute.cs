using Microsoft.AspNetCore.Mvc.Filters;

namespace ErlChat.Web.Answers;

/// <summary>An action whose answer may be long and is made for this request alone: it waits for its turn before it is made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongAnswerAttribute : Attribute, IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        AnswerWriter answers = context.HttpContext.RequestServices.GetRequiredService<AnswerWriter>();
        if (await answers.ReserveAsync(context.HttpContext))
            await next();
        else
            await AnswerWriter.RefuseAsync(context.HttpContext);
    }
}
