using ErlChat.Log;
using ErlChat.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErlChat.EndToEnd;

/// <summary>How messages are shown: markup and highlighting that are loaded when needed, mentions, folds, days and times.</summary>
public sealed class ReadingTests(Browser browser)
{
    [Fact]
    public async Task Markup_is_loaded_with_the_first_message_that_needs_it_and_does_not_move_the_page()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000", "--Limits:Enabled=false");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        for (int i = 0; i < 80; i++)
            await guest.SayAsync($"a plain message, {i} of snake_case and 2 - 1 (50 %) @alice!");
        await using Person person = await browser.NewPersonAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int asked = 0;
        await person.RouteAsync("**/vendor/markdown-it/*.js", async route =>
        {
            asked++;
            await gate.Task;
            await route.ContinueAsync();
        });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SeesAsync("message, 79");
        Assert.Equal(0, asked);

        // Meanwhile the text is there as it was typed.
        await guest.SayAsync("first **bold**\n\n> and a quote\n\n```js\nlet x;\n```");
        await guest.SayAsync("second **bold**");
        ILocator first = alice.Page.Locator("#lines .message:has-text('first') .text");
        await Expect(first).ToHaveTextAsync("first **bold**\n\n> and a quote\n\n```js\nlet x;\n```");
        await alice.Messages.EvaluateAsync("box => { box.scrollTop -= 300; }");
        await Expect(alice.Page.Locator("#latest")).ToBeVisibleAsync();
        const string place = """
            box => {
              const top = box.getBoundingClientRect().top;
              const row = [...box.querySelectorAll('.row')].find(r => r.getBoundingClientRect().bottom > top);
              return row.dataset.id + ' ' + Math.round(row.getBoundingClientRect().top - top);
            }
            """;
        string before = await alice.Messages.EvaluateAsync<string>(place);
        gate.SetResult();
        await Expect(first.Locator("strong")).ToHaveTextAsync("bold");
        await Expect(first.Locator("blockquote")).ToHaveTextAsync("and a quote");
        await Expect(alice.Page.Locator("#lines .message:has-text('second') strong")).ToHaveTextAsync("bold");
        Assert.Equal(before, await alice.Messages.EvaluateAsync<string>(place));
        Assert.Equal(1, asked);
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task If_markup_cannot_be_loaded_messages_are_text_and_the_next_one_tries_again()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        int asked = 0;
        await person.RouteAsync("**/vendor/markdown-it/*.js", async route =>
        {
            if (asked++ == 0)
                await route.AbortAsync("connectionreset");
            else
                await route.ContinueAsync();
        });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.SayAsync("one **bold**");
        await alice.SeesAsync("one **bold**");
        await alice.UntilAsync("performance.getEntriesByType('resource').some(({ name }) => name.includes('markdown-it'))");
        await guest.SayAsync("two **bold**");
        await Expect(alice.Page.Locator("#lines strong")).ToHaveTextAsync(["bold", "bold"]);
        Assert.Equal(2, asked);
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_text_that_the_parser_cannot_cope_with_is_shown_as_it_was_typed()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        await person.RouteAsync("**/lazy/markup/parser.js", route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/javascript",
            Body = "export function parse() { throw new Error('the parser has a fault'); }",
        }));
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.SayAsync("one **bold**");
        await guest.SayAsync("plain");
        await alice.SeesAsync("plain");
        await alice.UntilAsync("performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/lazy/markup/parser.js'))");
        await guest.SayAsync("two **bold**");
        await alice.SeesAsync("two **bold**");
        Assert.Equal(["one **bold**", "plain", "two **bold**"], await alice.TextsAsync());
        Assert.Contains(alice.Complaints, static one => one.Contains("the parser has a fault", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Code_is_coloured_by_a_highlighter_that_is_loaded_with_the_first_code_in_a_known_language()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        const string loaded = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/highlight.js/'))"
            + ".map(({ name }) => name.split('/').at(-1)).sort().join(' ')";
        await guest.SayAsync("```\nlet a;\n``` and `let b` and\n```klingon\nlet c;\n```");
        ILocator blocks = alice.Page.Locator("#lines pre");
        await Expect(blocks).ToHaveTextAsync(["let a;", "let c;"]);
        await Expect(blocks.Nth(1)).ToHaveAttributeAsync("data-language", "klingon");
        Assert.Equal("", await alice.Page.EvaluateAsync<string>(loaded));

        await guest.SayAsync("```js\nconst x = \"<b>\"; // 1\n```");
        await guest.SayAsync("```C#\nreturn 1;\n```");
        await guest.SayAsync("```html\n<img src=x onerror=alert(1)>\n```");
        await Expect(blocks.Nth(2).Locator(".word")).ToHaveTextAsync("const");
        await Expect(blocks.Nth(2).Locator(".quoted")).ToHaveTextAsync("\"<b>\"");
        await Expect(blocks.Nth(2).Locator(".aside")).ToHaveTextAsync("// 1");
        await Expect(blocks.Nth(3).Locator(".number")).ToHaveTextAsync("1");
        await Expect(blocks.Nth(4).Locator(".name").First).ToBeVisibleAsync();
        await Expect(blocks).ToHaveTextAsync(
            ["let a;", "let c;", "const x = \"<b>\"; // 1", "return 1;", "<img src=x onerror=alert(1)>"]);
        await Expect(blocks.Nth(2)).ToHaveAttributeAsync("data-language", "js");
        Assert.Equal(
            "core.min.js csharp.min.js javascript.min.js xml.min.js", await alice.Page.EvaluateAsync<string>(loaded));
        Assert.Empty(alice.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Markup_can_be_read_by_everybody(ColorScheme theme)
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { ColorScheme = theme });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.SayAsync("**bold** *bold* _italic_ ~~struck~~ `code` https://example.org/a :tada: @alice");
        await guest.SayAsync("> quoted, with `code` and https://example.org/a\n> > twice @alice\nand the answer");
        await guest.SayAsync("shopping:\n- milk\n- bread\n  - white\n* stars\n9) nine\n10) ten\n1998. a year");
        await guest.SayAsync("```js\n// adds\nconst add = (a, b) => a + b; // \"+\"\nclass A extends B { x = `y${1}`; }\n```");
        await guest.SayAsync("```diff\n- old\n+ new\n``` and\n```html\n<a href=\"x\">y</a> <!-- z -->\n```");
        await guest.SayAsync("@alice: `code` > no quote");
        await guest.SayAsync("> שלום `code`\nמרחבא\n- אחד\n- two");
        await Expect(alice.Page.Locator("#lines pre .word")).Not.ToHaveCountAsync(0);
        await Expect(alice.Page.Locator("#lines pre .removed")).ToHaveCountAsync(1);
        await Expect(alice.Page.Locator("#lines pre .name").First).ToBeVisibleAsync();
        await Axe.CheckAsync(alice, $"markup, {theme}");
        string name = theme == ColorScheme.Dark ? "dark" : "light";
        await alice.PictureAsync($"markup-{name}");
        await alice.Page.SetViewportSizeAsync(390, 844);
        Assert.Equal(390, await alice.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await alice.PictureAsync($"markup-{name}-390");
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_mention_is_the_nick_with_an_at_sign_or_at_the_start_with_a_colon_or_a_comma()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage page = await ChatPage.LogInAsync(person, site, "Ana");
        string[] calls =
        [
            "@Ana", "hello @ana!", "(@ANA)", "Ana: hi", "ana, hi", "Ana : hi", "Ana：你好", "你好@Ana，", "**@Ana**", "> @Ana said so", "@Ana's",
        ];
        string[] others =
        [
            "Anaïs", "@Anaïs", "@Ana\u0308s", "Ana", "Ana is here", "and Ana: x", "banana, x", "https://github.com/@Ana",
            "https://Ana.example/", "`@Ana`", "`Ana`: x", "```\nAna: x\n@Ana\n```", "www.example.org/@Ana", "x@Ana.example", "@Ana.example",
            "@Ana_x", "don't", "/@Ana", "**hello**\nAna: x", "> Ana: x", "- Ana, x",
        ];
        foreach (string text in calls.Concat(others))
            await guest.SayAsync(text);
        ILocator rows = page.Page.Locator("#lines .message");
        await Expect(rows).ToHaveCountAsync(calls.Length + others.Length);
        await Expect(page.Page.Locator("#lines pre")).ToHaveCountAsync(1);
        await Expect(page.Page.Locator("#lines .mentioned .text")).ToHaveCountAsync(calls.Length);

        // What is highlighted is what is counted.
        Assert.Equal(
            Enumerable.Range(0, calls.Length + others.Length).Select(i => i < calls.Length ? "11" : "00"),
            await rows.EvaluateAllAsync<string[]>(
                "rows => rows.map(row => `${Number(row.matches('.mentioned'))}${row.querySelectorAll('.mention').length}`)"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_tall_message_is_folded_and_can_be_unfolded()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.SayAsync("begin" + new string('\n', 1960) + "https://example.org/end");
        await guest.SayAsync(string.Join('\n', Enumerable.Range(1, 30).Select(i => $"line {i}")));
        await alice.SeesAsync("line 30");
        ILocator tall = alice.Page.Locator("#lines .message:has-text('begin')");
        await Expect(tall.Locator(".text a")).ToHaveCountAsync(1);
        Assert.InRange(await HeightAsync(tall), 200, 700);
        await Expect(alice.Page.Locator("#lines .message button:has-text('Show all')")).ToHaveCountAsync(1);
        ILocator button = tall.Locator("button[aria-expanded]");
        await Expect(button).ToHaveAttributeAsync("aria-expanded", "false");
        await button.ClickAsync();
        await Expect(button).ToHaveTextAsync("Show less");
        await Expect(button).ToHaveAttributeAsync("aria-expanded", "true");
        Assert.InRange(await HeightAsync(tall), 40_000, 60_000);
        await button.ClickAsync();
        Assert.InRange(await HeightAsync(tall), 200, 700);

        // A link that gets the focus must be seen.
        await tall.Locator(".text a").EvaluateAsync("link => link.focus()");
        await Expect(tall.Locator(".text a")).ToBeInViewportAsync();
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task Signs_that_turn_the_order_of_others_do_not_disguise_an_address()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.SayAsync("https://example.com/\u202egpj.exe");
        await guest.SayAsync("\u202ehttps://example.com/exe.jpg");
        await guest.SayAsync("https://аррӏе.com/ is not what it looks like");
        ILocator links = alice.Page.Locator("#lines .text a");
        await Expect(links).ToHaveTextAsync(
            ["https://example.com/%E2%80%AEgpj.exe", "https://example.com/exe.jpg", "https://аррӏе.com/"]);
        await Expect(links.Nth(2)).ToHaveAttributeAsync("title", "https://xn--80ak6aa92e.com/");

        // The second is read from left to right in spite of what is before it: its first letter is left of its last.
        Assert.True(await links.Nth(1).EvaluateAsync<bool>("""
            link => {
              const at = (from) => {
                const range = document.createRange();
                range.setStart(link.firstChild, from);
                range.setEnd(link.firstChild, from + 1);
                return range.getBoundingClientRect().left;
              };
              return at(0) < at(link.firstChild.length - 1);
            }
            """));
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task Every_paragraph_has_the_direction_of_its_own_text()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.SayAsync("`code` שלום **עולם**");
        await guest.SayAsync("> שלום\nhello\n- مرحبا\n- two");
        await Expect(alice.Page.Locator("#lines blockquote")).ToBeVisibleAsync();
        Assert.Equal(
            ["rtl", "rtl", "ltr", "rtl"],
            await alice.Page.Locator("#lines .text:has(strong), #lines blockquote, #lines .text > p, #lines ul")
                .EvaluateAllAsync<string[]>("all => all.map(one => getComputedStyle(one).direction)"));

        // The text of an item is next to its mark, which is on the list's side.
        Assert.True(await alice.Page.Locator("#lines ul").EvaluateAsync<bool>("""
            list => {
              const range = document.createRange();
              range.selectNodeContents(list.lastChild.querySelector('p').firstChild);
              return list.getBoundingClientRect().right - range.getBoundingClientRect().right < 60;
            }
            """));
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task A_few_emoji_alone_are_large_however_they_were_typed()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        string[] large = [":tada:", "🎉", "🎉 :heart_eyes:", "👩‍👩‍👧", "🏳️‍🌈🇩🇪", "👍🏽", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"];
        string[] small = ["🎉!", ":tada", "1", "©", "🎉🎉🎉🎉🎉🎉🎉🎉🎉", "a 🎉"];
        foreach (string text in large.Concat(small))
            await guest.SayAsync(text);
        await Expect(alice.Page.Locator("#lines .message")).ToHaveCountAsync(large.Length + small.Length);
        await Expect(alice.Page.Locator("#lines .emoji-only")).ToHaveCountAsync(large.Length);
        Assert.Equal(
            large.Select(_ => true).Concat(small.Select(_ => false)),
            await alice.Page.Locator("#lines .message").EvaluateAllAsync<bool[]>("all => all.map(one => one.matches('.emoji-only'))"));
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task The_heading_of_a_day_follows_the_clock_and_the_time_zone()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions());
        ChatPage alice = await ChatPage.OpenLoginAsync(person, site);
        await alice.Page.Clock.InstallAsync();
        await alice.SubmitNickAsync("alice");
        await Expect(alice.Status).ToHaveAttributeAsync("data-state", "connected");
        await guest.SayAsync("hello");
        ILocator day = alice.Page.Locator("#lines .day");
        await Expect(day).ToHaveTextAsync("Today");
        await alice.Page.Clock.SetSystemTimeAsync(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1));
        await alice.Page.Clock.RunForAsync(20_000);
        await Expect(day).ToHaveTextAsync("Yesterday");

        // The user travels. The page notices when it is looked at.
        string time = await alice.Page.Locator("#lines .head time").InnerTextAsync();
        ICDPSession devtools = await person.NewCDPSessionAsync(alice.Page);
        await devtools.SendAsync(
            "Emulation.setTimezoneOverride", new Dictionary<string, object> { ["timezoneId"] = "Asia/Kathmandu" });
        await alice.Page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");
        await Expect(alice.Page.Locator("#lines .head time")).Not.ToHaveTextAsync(time);
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task Yesterday_is_the_day_before_also_when_a_day_has_23_or_25_hours()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        await using Person person = await browser.NewPersonAsync(new BrowserNewContextOptions { TimezoneId = "Europe/Berlin" });
        ChatPage page = await ChatPage.OpenLoginAsync(person, site);
        (string Now, string Then)[] cases =
        [
            ("2026-03-29T22:30:00Z", "2026-03-29T10:00:00Z"),
            ("2026-10-25T23:10:00Z", "2026-10-25T10:00:00Z"),
        ];
        foreach ((string now, string then) in cases)
        {
            await page.Page.Clock.SetFixedTimeAsync(now);
            Assert.Equal("Yesterday", await page.Page.EvaluateAsync<string>(
                "async (then) => (await import('/js/text/time.js')).day(new Date(then))", then));
        }
    }

    [Theory]
    [InlineData("en-US", "05:27 PM", "October 4, 2024")]
    [InlineData("en-GB", "17:27", "4 October 2024")]
    [InlineData("fr-FR", "17:27", "4 octobre 2024")]
    [InlineData("de-AT", "17:27", "4. Oktober 2024")]
    public async Task Times_and_days_have_the_form_that_the_browser_is_set_to(string locale, string time, string day)
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await site.Services.GetRequiredService<IChatLog>().AppendAsync(
            new Said(guest.Session, "lobby", "hello", Action: false)
            {
                Id = new CommandId(Guid.NewGuid().ToString("N"), 1),
                At = new DateTimeOffset(2024, 10, 4, 17, 27, 0, TimeSpan.Zero),
            },
            CancellationToken.None).AsTask().WithinAsync();
        await using Person person = await browser.NewPersonAsync(
            new BrowserNewContextOptions { Locale = locale, TimezoneId = "UTC" });
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SeesAsync("hello");
        ILocator row = alice.Page.Locator("#lines .row:has-text('hello')");
        await Expect(row.Locator(".head time")).ToHaveTextAsync(time);
        await Expect(row.Locator(".day")).ToHaveTextAsync(day);
        Assert.Empty(alice.Complaints);
    }

    // Previously, a room with 61 unread lines opened at its end, and all counted as read.
    [Fact]
    public async Task A_room_opens_at_the_first_unread_line_and_lines_count_as_read_when_they_were_on_the_screen()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000", "--Limits:Enabled=false");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await guest.EnterAsync("dev");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.SayAsync("/join dev");
        await Expect(alice.Title).ToHaveTextAsync("#dev");
        await guest.SayAsync("read", "dev");
        await alice.SeesAsync("read");
        await alice.Conversation("#lobby").ClickAsync();
        for (int i = 1; i <= 90; i++)
            await guest.SayAsync($"unread {i}", "dev");
        await Expect(alice.Conversation("#dev").Locator(".badge")).ToHaveTextAsync("90");

        await alice.Conversation("#dev").ClickAsync();
        ILocator marker = alice.Page.Locator("#lines .new");
        await Expect(marker).ToBeInViewportAsync();
        await Expect(alice.Page.Locator(".row:has(.new) .text")).ToHaveTextAsync("unread 1");
        await Expect(alice.Page.Locator("#latest")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[4-8][0-9] new messages"));
        int left = await UnreadAsync(alice, "#dev");
        Assert.InRange(left, 40, 85);
        await alice.PictureAsync("unread-first");

        // The rest is read as it is scrolled into view, and stays read after a reload. That opens at the first unread line again.
        await alice.Messages.EvaluateAsync("box => { box.scrollTop += 200; }");
        await alice.UntilAsync($"Number(document.querySelector('[data-key=\"#dev\"] .badge').textContent) < {left}");
        left = await UnreadAsync(alice, "#dev");
        Assert.InRange(left, 10, 84);
        await alice.Page.WaitForTimeoutAsync(400);
        await alice.Page.ReloadAsync();
        await Expect(marker).ToBeInViewportAsync();
        await Expect(alice.Page.Locator(".row:has(.new) .text")).ToHaveTextAsync($"unread {91 - left}");
        await alice.Page.ClickAsync("#latest");
        await Expect(alice.Conversation("#dev").Locator(".badge")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    // Previously, all of them were read at once when the window got the focus.
    [Fact]
    public async Task Lines_that_come_while_the_window_has_no_focus_begin_where_the_user_left_off()
    {
        await using ChatSite site = await ChatSite.StartAsync("--Chat:RateLimitCount=1000", "--Limits:Enabled=false");
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        await using Person person = await browser.NewPersonAsync();
        await person.AddInitScriptAsync("window.elsewhere = false; document.hasFocus = () => !window.elsewhere;");
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await guest.SayAsync("read");
        await alice.SeesAsync("read");
        await alice.Page.EvaluateAsync("window.elsewhere = true");
        for (int i = 1; i <= 60; i++)
            await guest.SayAsync($"unread {i}");
        await Expect(alice.Conversation("#lobby").Locator(".badge")).ToHaveTextAsync("60");
        await Expect(alice.Page.Locator("#lines .new")).ToBeInViewportAsync();
        await alice.Page.EvaluateAsync("window.elsewhere = false; dispatchEvent(new Event('focus'))");
        await alice.UntilAsync("Number(document.querySelector('[data-key=\"#lobby\"] .badge').textContent) < 60");
        Assert.InRange(await UnreadAsync(alice, "#lobby"), 20, 55);
        await Expect(alice.Page.Locator(".row:has(.new) .text")).ToHaveTextAsync("unread 1");
        await Expect(alice.Page.Locator("#lines .new")).ToBeInViewportAsync();
        await alice.Page.ClickAsync("#latest");
        await Expect(alice.Conversation("#lobby").Locator(".badge")).ToHaveCountAsync(0);
        Assert.Empty(alice.Complaints);
    }

    [Fact]
    public async Task Copied_messages_are_lines_with_the_nick_of_who_said_them()
    {
        await using ChatSite site = await ChatSite.StartAsync();
        Visitor guest = await Visitor.JoinAsync(site, "guest");
        Visitor cora = await Visitor.JoinAsync(site, "cora");
        await using Person person = await browser.NewPersonAsync();
        ChatPage alice = await ChatPage.LogInAsync(person, site, "alice");
        await alice.UntilAsync("performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/lazy/copy.js'))");
        await guest.SayAsync("one **bold**\nand more");
        await guest.SayAsync("- two\n- three");
        await cora.SayAsync("four and the rest");
        await cora.SayAsync("/me waves");
        await alice.SeesAsync("waves");
        await Expect(alice.Page.Locator("#lines ul")).ToBeVisibleAsync();
        Assert.Equal(
            "guest: one **bold**\nand more\nguest: - two\n- three\ncora: four and the rest\n* cora waves",
            await CopyAsync(alice, """
                const all = document.querySelectorAll('#lines .message');
                range.setStartBefore(all[0]);
                range.setEndAfter(all[all.length - 1])
                """));

        // From within a message to within another one.
        Assert.Equal(
            "guest: bold\nand more\nguest: - two\n- three\ncora: four",
            await CopyAsync(alice, """
                const texts = document.querySelectorAll('#lines .message .text');
                range.setStart(texts[0].querySelector('strong').firstChild, 0);
                range.setEnd(texts[2].firstChild, 4)
                """));
        Assert.Empty(alice.Complaints);
    }

    /// <summary>What a user gets who selects something and copies it.</summary>
    private static Task<string> CopyAsync(ChatPage page, string select) => page.Page.EvaluateAsync<string>($$"""
        () => {
          const range = document.createRange();
          {{select}};
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          let copied = '';
          addEventListener('copy', (event) => { copied = event.clipboardData.getData('text/plain'); }, { once: true });
          document.execCommand('copy');
          return copied;
        }
        """);

    private static async Task<int> UnreadAsync(ChatPage page, string key) => int.Parse(
        await page.Conversation(key).Locator(".badge").InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<double> HeightAsync(ILocator row) => (await row.BoundingBoxAsync())!.Height;
}
