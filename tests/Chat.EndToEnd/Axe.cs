using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace ErlChat.EndToEnd;

/// <summary>
/// Looks for violations of accessibility rules with axe-core. It is called directly: the package for Playwright loads it anew and opens
/// an empty page for each check, which takes a second.
/// </summary>
internal static class Axe
{
    /// <summary>Describing every element that passes takes longer than the checks, so only violations are asked for.</summary>
    private const string Run = """
        async (root, rules) => {
          const options = { resultTypes: ['violations'], ...(rules && { runOnly: { type: 'rule', values: rules } }) };
          const { violations } = await axe.run(root === document.documentElement ? document : root, options);
          return violations.map(({ id, help, nodes }) => `${id}: ${help}: ` + nodes.slice(0, 3)
            .map(({ html, any }) => `${html} ${any.map(({ message }) => message).join(' ')}`).join('; '));
        }
        """;

    private static readonly string s_script = new BundledAxeScriptProvider().GetScript();

    /// <summary>
    /// Fails if axe finds anything. In the dark theme only colors are checked: nothing else differs, and running all rules takes several
    /// times as long.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="what">The state of the page, for the failure's message.</param>
    /// <param name="part">The part of the page to check; null for the whole page, which takes seconds on a busy machine.</param>
    internal static async Task CheckAsync(ChatPage page, string what, ILocator? part = null)
    {
        if (!await page.Page.EvaluateAsync<bool>("'axe' in window"))
            await page.Page.EvaluateAsync(s_script);
        bool isDark = await page.Page.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches");
        string[]? rules = isDark ? ["color-contrast", "link-in-text-block"] : null;
        string[] violations = await (part ?? page.Page.Locator(":root")).EvaluateAsync<string[]>(Run, rules);
        Assert.True(violations.Length == 0, $"{what}: {string.Join('\n', violations)}");
    }
}
