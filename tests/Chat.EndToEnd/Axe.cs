using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace ErlChat.EndToEnd;

/// <summary>Looks for violations of accessibility rules.</summary>
internal static class Axe
{
    /// <summary>
    /// Fails if axe finds anything. In the dark theme only colors are checked: nothing else differs, and running all rules takes several
    /// times as long.
    /// </summary>
    internal static async Task CheckAsync(ChatPage page, string what)
    {
        bool isDark = await page.Page.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches");
        AxeRunOptions? options = isDark
            ? new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast", "link-in-text-block"] } }
            : null;
        AxeResult result = await page.Page.RunAxe(options);
        Assert.True(result.Violations.Length == 0, $"{what}: {string.Join('\n', result.Violations.Select(Describe))}");
    }

    private static string Describe(AxeResultItem violation)
    {
        IEnumerable<string> nodes = violation.Nodes.Take(3)
            .Select(node => node.Html + " " + string.Join(" ", node.Any.Select(check => check.Message)));
        return $"{violation.Id}: {violation.Help}: {string.Join("; ", nodes)}";
    }
}
