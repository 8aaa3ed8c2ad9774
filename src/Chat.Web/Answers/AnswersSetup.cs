namespace ErlChat.Web.Answers;

/// <summary>What writes the answers of the comet wire.</summary>
internal static class AnswersSetup
{
    internal static void AddAnswers(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CometFormat>();
        builder.Services.AddSingleton<AnswerWriter>();
    }
}
