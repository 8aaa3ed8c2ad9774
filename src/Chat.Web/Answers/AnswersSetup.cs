namespace ErlChat.Web.Answers;

/// <summary>Registers what writes the answers of the comet protocol.</summary>
internal static class AnswersSetup
{
    internal static void AddAnswers(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CometFormat>();
        builder.Services.AddSingleton<FullCometFormat>();
        builder.Services.AddSingleton<AnswerWriter>();
    }
}
