using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ErlChat.EndToEnd;

/// <summary>Looks for violations of accessibility rules.</summary>
internal static class Axe
{
    /// <summary>
    /// Fails if axe finds anything. In the dark theme only colors are checked: nothing else differs, and running all rules takes several
    /// times as long.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="what">The state of the page, for the failure's message.</param>
    /// <param name="part">The part of the page to check; null for the whole page, which takes seconds on a busy machine.</param>
    internal static async Task CheckAsync(ChatPage page, string what, ILocator? part = null)
    {
        bool isDark = await page.Page.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches");
        AxeRunOptions? options = isDark
            ? new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast", "link-in-text-block"] } }
            : null;
        AxeResult result = part is null ? await page.Page.RunAxe(options) : await part.RunAxe(options);
        Assert.True(result.Violations.Length == 0, $"{what}: {string.Join('\n', result.Violations.Select(Describe))}");
    }

    private static string Describe(AxeResultItem violation)
    {
        IEnumerable<string> nodes = violation.Nodes.Take(3)
            .Select(node => node.Html + " " + string.Join(" ", node.Any.Select(check => check.Message)));
        return $"{violation.Id}: {violation.Help}: {string.Join("; ", nodes)}";
    }
}
