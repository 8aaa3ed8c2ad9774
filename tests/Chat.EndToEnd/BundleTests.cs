using ErlChat.Web.Bundling;
using Microsoft.Playwright;

namespace ErlChat.EndToEnd;

/// <summary>In a browser, a bundle does what its modules do.</summary>
public sealed class BundleTests(Browser browser)
{
    /// <summary>Modules that use one name for many things. They note what they see in <c>seen</c>.</summary>
    private static readonly Dictionary<string, string> s_modules = new(StringComparer.Ordinal)
    {
        ["js/page.js"] = """
            import en, { value as live, set, Counter } from "./text/words.js";
            import * as words from "./text/words.js";
            import { draw } from "./view/draw.js";
            import "./view/side.js";
            const name = "page", { length } = name, [first = "none", ...rest] = name;
            note("names", name, length, first, rest.join(""), window.name, en.name);
            note("before", live, words.value, Object.keys(words).sort().join());
            set(2);
            note("after", live, words.value);
            function shadow(draw, live = words.value) {
              const words = { value: "inner" };
              name: for (const name of [1, 2]) { if (name === 2) continue name; note(name, draw, live, words.value); }
              return { draw, live, name, words };
            }
            note(JSON.stringify(shadow("x")), draw(), typeof status, typeof top);
            class Own extends Counter { static count = new Own().up(); up() { return super.up() + 1; } }
            note("class", Own.count, new Counter() instanceof Counter, (() => { try { words.value = 3; } catch { return "frozen"; } })());
            if (en) { var hoisted = `${en.name}${`${draw()}`}`; }
            note(hoisted, /\/name\/*'/u.test("/name'"), 1 + +"2" - -3, en?.name, en ?.5 : 1);
            note("waited", (await import(`./languages/${"de"}.js`)).default);
            import("./lazy/later.js").then(async ({ later, again }) => {
              note("lazy", later(), again === draw, live);
              note("end", (await import("./text/words.js")).set === set);
            });
            """,
        ["js/text/words.js"] = """
            import { draw } from "../view/draw.js";
            /* words and draw import each other */
            export let value = 1;
            export const set = (to) => { value = to; };
            export class Counter { #n = 0; up() { return ++this.#n; } }
            export function greet() { return `hello, ${draw.name === "" ? "" : "you"}`; }
            export default { name: "English" };
            note("words run", typeof draw);
            """,
        ["js/view/draw.js"] = """
            import { greet as say, value } from "../text/words.js";
            export function draw(value) { return (say() + (value ?? current())).replaceAll("  // ", "") }
            const current = () => value
            let name = "draw"
            note(name)
            ;[name].forEach((name) => note(name))
            """,
        ["js/view/side.js"] = "note('side'); export {};",
        ["js/lazy/later.js"] = """
            import { draw as again } from "../view/draw.js";
            import * as words from "../text/words.js";
            import { own } from "./own.js";
            words.set(words.value + 1);
            export const later = () => own + words.value + again(7);
            export { again };
            """,
        ["js/lazy/own.js"] = "import { set } from '../text/words.js'; set(40); export const own = 'own ';",
        ["js/languages/de.js"] = "export default 'Deutsch';",
    };

    [Fact]
    public async Task A_bundle_does_what_its_modules_do()
    {
        IReadOnlyDictionary<string, string> bundle = PageBundle.Make(new ModuleGraph(s_modules), "js/page.js");
        string[] apart = await RunAsync(s_modules, "js/page.js"), together = await RunAsync(bundle, PageBundle.PathOf("js/page.js"));
        Assert.Equal(14, apart.Length);
        Assert.Equal(apart, together);
    }

    /// <summary>What the modules note, in order.</summary>
    private async Task<string[]> RunAsync(IReadOnlyDictionary<string, string> files, string entry)
    {
        await using Person person = await browser.NewPersonAsync();
        const string site = "http://modules.test/";
        await person.RouteAsync(site + "**", route =>
        {
            string path = route.Request.Url[site.Length..];
            return route.FulfillAsync(path.Length == 0
                ? new RouteFulfillOptions { ContentType = "text/html", Body = $"<script type=module src={entry}></script>" }
                : new RouteFulfillOptions { ContentType = "text/javascript", Body = files[path] });
        });
        await person.AddInitScriptAsync("window.seen = []; window.note = (...what) => seen.push(what.join(' | '));");
        IPage page = await person.NewPageAsync();
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        await page.GotoAsync(site);
        await page.WaitForFunctionAsync("seen.some((one) => one.startsWith('end'))");
        Assert.Empty(errors);
        return await page.EvaluateAsync<string[]>("seen");
    }
}
