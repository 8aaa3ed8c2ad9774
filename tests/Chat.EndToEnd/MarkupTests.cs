using System.Globalization;
using System.Text;

namespace ErlChat.EndToEnd;

/// <summary>What becomes of the text of a message: the modules that parse and draw it, in the browser.</summary>
public sealed class MarkupTests(Browser browser)
{
    /// <summary>Draws each text for a user with the nick "github", and returns the HTML of its elements.</summary>
    private const string Draw = """
        async (texts) => {
          const { draw } = await import('/js/lazy/markup/draw.js');
          return texts.map((text) => {
            const box = document.createElement('div');
            box.append(...draw(text, 'github'));
            return box.innerHTML;
          });
        }
        """;

    /// <summary>Returns the addresses of the links in each text, with what is shown of those where it differs.</summary>
    private const string Links = """
        async (texts) => {
          const { draw } = await import('/js/lazy/markup/draw.js');
          return texts.map((text) => {
            const box = document.createElement('div');
            box.append(...draw(text, ''));
            return [...box.querySelectorAll('a')].map((link) => {
              const address = link.getAttribute('href');
              return address === link.textContent ? address : `${link.textContent} to ${address}`;
            }).join(' and ');
          });
        }
        """;

    [Fact]
    public async Task A_link_is_the_address_and_nothing_around_it()
    {
        (string Text, string Links)[] cases =
        [
            ("[https://example.org/a]", "https://example.org/a"),
            ("“https://example.org/a”", "https://example.org/a"),
            ("\"https://example.org/a\"", "https://example.org/a"),
            ("'https://example.org/a'", "https://example.org/a"),
            ("«https://example.org/a»", "https://example.org/a"),
            ("<https://example.org/a>", "https://example.org/a"),
            ("{https://example.org/a}", "https://example.org/a"),
            ("|https://example.org/a|", "https://example.org/a"),
            ("(see https://example.org/a!)", "https://example.org/a"),
            ("https://example.org/a?! https://example.org/b... https://example.org/c…",
                "https://example.org/a and https://example.org/b and https://example.org/c"),
            ("**https://example.org/a** _https://example.org/b_ ~~https://example.org/c~~",
                "https://example.org/a and https://example.org/b and https://example.org/c"),
            ("[text](https://example.org/a)", "https://example.org/a"),
            ("https://example.org/a,https://example.org/b;www.example.org",
                "https://example.org/a and https://example.org/b and www.example.org to http://www.example.org"),

            // Scripts without blanks between words.
            ("看https://example.org/a", "https://example.org/a"),
            ("https://example.org/a。谢谢", "https://example.org/a"),
            ("https://example.org看这个", "https://example.org"),
            ("（https://example.org/a），「https://example.org/b」、https://example.org/c！",
                "https://example.org/a and https://example.org/b and https://example.org/c"),
            ("смотриhttps://example.org/a", "https://example.org/a"),
            ("https://zh.wikipedia.org/wiki/中文", "https://zh.wikipedia.org/wiki/中文"),
            ("https://ja.wikipedia.org/wiki/佐々木", "https://ja.wikipedia.org/wiki/佐々木"),
            ("https://example.org/a🎉", "https://example.org/a"),

            // Whole, whatever is in it.
            ("_private see https://en.wikipedia.org/wiki/Foo_(bar)", "https://en.wikipedia.org/wiki/Foo_(bar)"),
            ("*x https://example.org/*a*b y*", "https://example.org/*a*b"),
            ("(https://example.org/a_(b)_c)", "https://example.org/a_(b)_c"),
            ("https://web.archive.org/web/2020/https://example.org/", "https://web.archive.org/web/2020/https://example.org/"),
            ("https://example.org:8080/a?b=c&d=%20#e", "https://example.org:8080/a?b=c&d=%20#e"),
            ("http://localhost:8000/ http://192.168.0.1 http://[::1]:8000/x",
                "http://localhost:8000/ and http://192.168.0.1 and http://[::1]:8000/x"),
            ("HTTPS://EXAMPLE.ORG/A", "HTTPS://EXAMPLE.ORG/A"),
            ("see www.example.org/x_y.", "www.example.org/x_y to http://www.example.org/x_y"),

            // What cannot be seen is escaped, so that no address looks like another one.
            ("https://example.com/\u202egpj.exe", "https://example.com/%E2%80%AEgpj.exe"),
            ("https://example.com/a\u200bb\u3164c", "https://example.com/a%E2%80%8Bb%E3%85%A4c"),

            // No links.
            ("xhttps://example.org awww.example.org www. https:// //example.org ftp://example.org", ""),
            ("javascript:alert(1) data:text/html,x vbscript:x mailto:a@example.org a@example.org file:///etc/passwd", ""),
            ("https://bank.example@example.org/ https://user:secret@example.org/", ""),
            ("`https://example.org/a` ``www.example.org``", ""),
            ("https://example.org/" + new string('a', 3000), ""),
        ];
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage page = await ChatPage.OpenLoginAsync(person, site);
        await CompareAsync(page, Links, cases);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Marks_have_a_meaning_where_they_are_markup_and_stay_where_they_are_not()
    {
        (string Text, string Html)[] cases =
        [
            ("**b** *b* _i_ ~~s~~ `c`",
                "<strong>b</strong> <strong>b</strong> <em>i</em> <s>s</s> <code dir=\"ltr\">c</code>"),
            ("***both*** *bold _both_*", "<em><strong>both</strong></em> <strong>bold <em>both</em></strong>"),
            ("**Bob**'s, (**c++**), **重要**です, \"**.NET**\"",
                "<strong>Bob</strong>'s, (<strong>c++</strong>), <strong>重要</strong>です, \"<strong>.NET</strong>\""),
            ("`` a`b `` `*no*`", "<code dir=\"ltr\">a`b</code> <code dir=\"ltr\">*no*</code>"),

            // Nothing typed vanishes.
            ("__init__.py __init__ snake_case_name _ __ ___", null!),
            ("src/*.js,lib/*.css **/*.js *.js, *.css a*b*c 2 * 3 * 4 5*3*2", null!),
            ("f(*args, **kwargs) /*comment*/ */5 * * * * char *a, *b;", null!),
            ("~ ~~ ~5 ~/a ~b~ * ** *** ` `` \\ \\\\server\\share C:\\new", null!),
            ("¯\\_(ツ)_/¯", null!),
            ("* * * * *\n- - -\n---\n***\n# no heading\n=====\n| a | b |\n    four blanks", null!),
            (">_< >:( >>> import\n>no\n-no\n1.no\n- \n1.\n>", null!),
            ("  indented\n\n\nfoo   bar\n*not\nover* lines", null!),
            ("``` not closed\n**b**", "``` not closed\n<strong>b</strong>"),
            ("```\n\n```", null!),
            ("![x](y) [x][y] &amp; &lt; <!-- x --> x  \ny\\\nz", null!),

            // A backslash escapes.
            ("\\*no\\* \\_no\\_ \\~~no\\~~ \\`no\\` \\:tada:", "*no* _no_ ~~no~~ `no` :tada:"),
            ("\\> no\n\\- no\n1\\. no\n2\\) no", "&gt; no\n- no\n1. no\n2) no"),

            // Names of emoji.
            (":tada::heart: *:tada:* 好:tada:",
                "<span class=\"emoji\">🎉</span><span class=\"emoji\">❤️</span> <strong><span class=\"emoji\">🎉</span></strong> "
                    + "好<span class=\"emoji\">🎉</span>"),
            ("2001:db8:100::1 margin:left:10 std::x::y 10:30:45 :nothing: a:tada: :tada:b", null!),

            // Blocks.
            ("```js\nx\n```", "<pre dir=\"ltr\" tabindex=\"0\" data-language=\"js\"><code>x</code></pre>"),
            ("a ```\n  *x*\n\ny``` b",
                "<p dir=\"auto\">a </p><pre dir=\"ltr\" tabindex=\"0\"><code>  *x*\n\ny</code></pre><p dir=\"auto\">b</p>"),
            ("```two words\nx\n```", "<pre dir=\"ltr\" tabindex=\"0\"><code>two words\nx</code></pre>"),
            ("````\n```\nx\n```\n````", "<pre dir=\"ltr\" tabindex=\"0\"><code>```\nx\n```</code></pre>"),
            ("> q\n> **r**\nanswer\n\nb",
                "<blockquote dir=\"auto\"><p>q\n<strong>r</strong></p></blockquote><p dir=\"auto\">answer\n\nb</p>"),
            ("list:\n- a\n- b\n  c\nend",
                "<p dir=\"auto\">list:</p><ul class=\"dash\" dir=\"auto\"><li><p>a</p></li>"
                    + "<li><p>b\nc</p></li></ul><p dir=\"auto\">end</p>"),
            ("* a\n  * b",
                "<ul dir=\"auto\"><li><p>a</p><ul dir=\"auto\"><li><p>b</p></li></ul></li></ul>"),
            ("3) a\n7) b",
                "<ol class=\"bracket\" dir=\"auto\" style=\"padding-inline-start: 3.5ch;\"><li value=\"3\"><p>a</p></li>"
                    + "<li value=\"7\"><p>b</p></li></ol>"),

            // Mentions: @nick, or the nick at the start with a colon or a comma. None in code and addresses.
            ("@GitHub and **@github**",
                "<span class=\"mention\">@GitHub</span> and <strong><span class=\"mention\">@github</span></strong>"),
            ("github: *x*", "<span class=\"mention\">github</span>: <strong>x</strong>"),
            ("`github` `@github` github, @githubs @github_x a@github.com @github.com don't", "<code dir=\"ltr\">github</code> "
                + "<code dir=\"ltr\">@github</code> github, @githubs @github_x a@github.com @github.com don't"),
        ];
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage page = await ChatPage.OpenLoginAsync(person, site);
        await CompareAsync(page, Draw, [.. cases.Select(one => (one.Text, one.Html ?? Escaped(one.Text)))]);
        Assert.Empty(page.Complaints);
    }

    // Half of all messages with marks in them are not meant as markup.
    [Fact]
    public async Task No_letter_of_any_text_is_lost_and_the_quick_check_finds_all_markup()
    {
        string[] parts =
        [
            "a", "b", "foo", "*", "**", "_", "__", "~~", "`", "```", "\n", "\n\n", " ", "  ", "> ", ">", "- ", "1. ", "2) ", "www.x.org",
            "https://x.org/a_b", "\\", ":", "@github", "(", ")", ".", ",", "js", "é", "中", "。", "\t", "|", "#", "<b>", "&amp;",
        ];
        const int seed = 20261130;
        var random = new Random(seed);
        string[] texts =
        [
            .. Enumerable.Range(0, 20_000)
                .Select(_ => string.Concat(random.GetItems(parts, random.Next(1, 16))).Trim())
                .Where(static text => text.Length > 0),
        ];
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage page = await ChatPage.OpenLoginAsync(person, site);
        string[] lost = await page.Page.EvaluateAsync<string[]>(
            """
            async (texts) => {
              const { draw } = await import('/js/lazy/markup/draw.js');
              const { hasMarkup } = await import('/js/text/plain.js');
              const { drawPlain } = await import('/js/view/rich.js');
              // Without marks, blanks, and what the numbers of lists and labels of code consist of.
              const letters = (text) => text.replace(/[\s*_~`\\>.)-]|\d/g, '');
              const shown = (nodes) => {
                const box = document.createElement('div');
                box.append(...nodes);
                for (const block of box.querySelectorAll('pre')) block.prepend(block.dataset.language ?? '');
                return [box.textContent, box.innerHTML];
              };
              return texts.filter((text) => {
                const [all, html] = shown(draw(text, ''));
                const [plain, plainHtml] = shown(drawPlain(text, ''));
                return letters(all) !== letters(plain) || (!hasMarkup(text) && html !== plainHtml);
              });
            }
            """,
            texts);
        Assert.True(lost.Length == 0, $"Seed {seed}: {string.Join("\n---\n", lost.Take(10))}");
        Assert.Empty(page.Complaints);
    }

    // Each text is longer than the page parses, and repeats what makes parsers slow: openers without an end, nested blocks, addresses.
    [Fact]
    public async Task No_text_takes_long_however_it_is_made()
    {
        string[] parts =
        [
            "*", "**a ", "*a ", "*a* ", "a*", " *a _b", "_a_ ", " _a* *b_", "~~a ", "~~", "`", "``a `b ", "`a ``b ```c ", "\n```\n",
            "```a\n", "> ", "> a\n", "> a\nb\n", ">\n", "- ", "- a\n", "- a\n  ", "1. ", "1. a\n1. ", "- - - - a\n", "> - > - ",
            "https://a.b/(", "https://a.b/", "https://a.b/[{(", "https://a.b ", "www.a.b ", "http://", "www.", "https://a.b/c,", "*,",
            "https://a.b/\"'", "\\*", "¯\\_", ":tada:", ":a", "@github ", "@", "\n", "a\n", "\t", "中*", "a\u0301*",
            "*a\n" + new string(' ', 400),
        ];
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync();
        ChatPage page = await ChatPage.OpenLoginAsync(person, site);
        var slow = new List<string>();
        foreach (string part in parts)
        {
            // Four times the text takes four times as long, and not sixteen times. The best of some runs, because the machine may be busy.
            double ratio = double.MaxValue;
            double all = await TimeAsync(page, part, 65_536);
            for (int again = 0; again < 6 && all > 400 && ratio > 12; again++)
            {
                double quarter = await TimeAsync(page, part, 16_384);
                ratio = Math.Min(ratio, (all = Math.Min(all, await TimeAsync(page, part, 65_536))) / quarter);
            }

            if (all > 400 && ratio > 12)
                slow.Add(string.Create(CultureInfo.InvariantCulture, $"{part}: {all:F0} ms for 64 KB, {ratio:F0} times those for 16 KB"));
        }

        Assert.Empty(slow);

        // Thousands of open marks do not become thousands of elements inside each other.
        int deepest = await page.Page.EvaluateAsync<int>("""
            async () => {
              const { draw } = await import('/js/lazy/markup/draw.js');
              const depth = (node) => 1 + Math.max(0, ...[...node.childNodes].map(depth));
              const box = document.createElement('div');
              box.append(...draw('*a '.repeat(2000) + 'a* '.repeat(2000), ''));
              box.append(...draw('> - '.repeat(2000) + 'a', ''));
              return depth(box);
            }
            """);
        Assert.InRange(deepest, 10, 40);
        Assert.Empty(page.Complaints);
    }

    /// <summary>The milliseconds to draw a text: the best of two runs.</summary>
    private static Task<double> TimeAsync(ChatPage page, string part, int length) => page.Page.EvaluateAsync<double>(
        """
        async ([part, length]) => {
          const { draw } = await import('/js/lazy/markup/draw.js');
          const text = part.repeat(length / part.length + 1).slice(0, length);
          const box = document.createElement('div');
          document.body.append(box);
          const once = () => {
            const began = performance.now();
            box.replaceChildren(...draw(text, 'github'));
            return performance.now() - began;
          };
          const best = Math.min(once(), once());
          box.remove();
          return best;
        }
        """,
        new object[] { part, length });

    private static async Task CompareAsync(ChatPage page, string script, (string Text, string Right)[] cases)
    {
        string[] results = await page.Page.EvaluateAsync<string[]>(script, cases.Select(one => one.Text).ToArray());
        var wrong = new StringBuilder();
        foreach (((string text, string right), string result) in cases.Zip(results))
        {
            if (result != right)
                wrong.Append(CultureInfo.InvariantCulture, $"\n{text}\n  is    {result}\n  not   {right}");
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
}
