using ErlChat.Web.Bundling;

namespace ErlChat.Web.Tests.Bundling;

/// <summary>What becomes of modules in a bundle. <c>Chat.EndToEnd</c> runs bundles in a browser.</summary>
public class PageBundleTests
{
    [Fact]
    public void Modules_share_a_scope_in_the_order_in_which_they_run()
    {
        Assert.Equal(
            """
            let count$0=0;
            function next$0(){return ++count$0}
            const default$1={name:"en"};
            console.log(next$0(),default$1.name);

            """,
            Bundle(
                ("js/a.js", "import { next as following } from \"./b.js\";\nimport en from './c.js';\nconsole.log(following(), en.name);"),
                ("js/b.js", "let count=0;\nexport function next() { return ++count }"),
                ("js/c.js", "export default { name: \"en\" };")));
    }

    [Theory]
    [InlineData("const a = 1; f({ a, b: a, a() { }, [a]: 2 }, x.a, x[a]);", "const a$0 = 1;f({a:a$0,b:a$0,a(){},[a$0]:2},x.a,x[a$0]);")]
    [InlineData("const { a, b: c, ...d } = x;", "const{a:a$0,b:c$0,...d$0}= x;")]
    [InlineData("const { a = 1 } = x; ({ a = 2 } = y);", "const{a:a$0 = 1}= x;({a:a$0 = 2}= y);")]
    [InlineData("const [a, , b = a] = x;", "const[a$0,,b$0 = a$0]= x;")]
    [InlineData("class A { #a = 1; a = A; static { a; } }", "class A$0{#a = 1;a = A$0;static{a;}}")]
    [InlineData("const a = 1; a: for (;;) break a;", "const a$0 = 1;a:for(;;)break a;")]
    [InlineData("const a = 1; const f = (a) => a + b;", "const a$0 = 1;const f$0 =(a$0)=> a$0 + b;")]
    [InlineData("if (x) { var a = 1; let b = a; }", "if(x){var a$0 = 1;let b = a$0;}")]
    [InlineData("function f() { var a; } a;", "function f$0(){var a;}a;")]
    [InlineData("let a; a?.a; `a${a}a`; /a/.test(a);", "let a$0;a$0?.a;`a${a$0}a`;/a/.test(a$0);")]
    [InlineData("const a$1 = 1, a = 2;", "const a$1$$0 = 1,a$$0 = 2;")]
    [InlineData("export { a as b }; const a = 1;", "const a$0 = 1;")]
    [InlineData("export default function a() { } a();", "function a$0(){}a$0();")]
    [InlineData("export default class { }", "const default$0= class{}")]
    public void A_name_of_the_module_is_renamed_wherever_it_is_a_variable(string module, string bundled) =>
        Assert.Equal(bundled + "\n", Bundle(("js/a.js", module)));

    [Theory]
    [InlineData("a = b /* c */ + +d; // e", "a = b + +d;")]
    [InlineData("/** @type {string} */\na\n// b\n\n  (c)", "a\n(c)")]
    [InlineData("x = `\n  // not a comment ${ /* one */ y }\n`;", "x = `\n  // not a comment ${y}\n`;")]
    [InlineData("x = '/* no */' in y", "x = '/* no */' in y")]
    public void Comments_and_indentation_go_and_line_ends_stay(string module, string bundled) =>
        Assert.Equal(bundled + "\n", Bundle(("js/a.js", module)));

    [Fact]
    public void A_whole_module_is_an_object_with_the_current_values()
    {
        Assert.Equal(
            "const $0=Object.freeze({__proto__:null,get x(){return x$0},get default(){return default$0}});\n"
            + "let x$0 = 1;\nconst default$0= 2;\n$0.x;\n",
            Bundle(("js/a.js", "import * as b from \"./b.js\";\nb.x;"), ("js/b.js", "export let x = 1;\nexport default 2;")));
    }

    [Fact]
    public void A_module_that_is_loaded_later_uses_the_modules_of_the_bundle()
    {
        IReadOnlyDictionary<string, string> files = Make(
            ("js/a.js", "import { x } from \"./b.js\";\nimport(\"./lazy/c.js\");"),
            ("js/b.js", "export const x = 1;\nexport const y = 2;"),
            ("js/lazy/c.js", """
                import * as b from "../b.js";
                import { y as z } from "../b.js";
                import { w } from "./d.js";
                import "../b.js";
                """),
            ("js/lazy/d.js", "export const w = 3;"),
            ("js/lazy/unused.js", "export const v = 4;"));
        Assert.Equal(["bundles/a.js", "bundles/a/js/lazy/c.js", "bundles/a/js/lazy/d.js"], files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            "const $0=Object.freeze({__proto__:null,get x(){return x$0},get y(){return y$0}});\n"
            + "const x$0 = 1;\nconst y$0 = 2;\nimport(\"./a/js/lazy/c.js\");\n"
            + "export{$0 as \"js/b.js#*\",y$0 as \"js/b.js#y\"};\n",
            files["bundles/a.js"]);
        Assert.Equal(
            "import{\"js/b.js#*\" as b}from\"../../../a.js\";\nimport{\"js/b.js#y\" as z}from\"../../../a.js\";\n"
            + "import{w}from \"./d.js\";\nimport{}from\"../../../a.js\";",
            files["bundles/a/js/lazy/c.js"]);
    }

    [Fact]
    public void A_computed_path_may_load_every_module_below_its_folder_also_one_of_the_bundle()
    {
        IReadOnlyDictionary<string, string> files = Make(
            ("js/a.js", "import en from \"./languages/en.js\";\nawait import(`./languages/${en}.js`);"),
            ("js/languages/de.js", "export default 1;"),
            ("js/languages/en.js", "export default 2;"),
            ("js/languages/more/de.js", "export default 3;"));
        Assert.Equal(
            [
                "bundles/a.js", "bundles/a/js/languages/de.js", "bundles/a/js/languages/en.js", "bundles/a/js/languages/more/de.js",
            ],
            files.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("await import(`./a/js/languages/${default$0}.js`)", files["bundles/a.js"], StringComparison.Ordinal);
        Assert.Equal("export{\"js/languages/en.js#default\" as default}from\"../../../a.js\";", files["bundles/a/js/languages/en.js"]);
    }

    [Theory]
    [InlineData("import { y } from \"./b.js\";", "js/a.js: it imports y, which js/b.js does not export.")]
    [InlineData("import \"./nothing.js\";", "js/nothing.js: there is no such module.")]
    [InlineData("\nimport \"b.js\";", "js/a.js:2: 'b.js' must begin with ./ or ../.")]
    [InlineData("import \"../../b.js\";", "js/a.js:1: '../../b.js' leads out of wwwroot.")]
    [InlineData("export { x } from \"./b.js\";", "js/a.js: it exports what js/b.js exports. Import it from there instead.")]
    [InlineData("export * from \"./b.js\";", "js/a.js: it exports what js/b.js exports. Import it from there instead.")]
    [InlineData("import { x } from \"./c.js\";", "js/c.js: it exports x, which it imports itself. Import it from there instead.")]
    [InlineData("import { x, x as y } from \"./b.js\";", "js/a.js: it imports the same as x and y. Use one name.")]
    [InlineData("\n\nimport.meta.url;", "js/a.js:3: import.meta is not supported, because a bundle has another address.")]
    [InlineData("import(name);", "js/a.js:1: import(…) must begin with a literal path, so that it is known what it may load.")]
    [InlineData("import(`${name}.js`);", "js/a.js:1: import(…) must begin with a literal path, so that it is known what it may load.")]
    [InlineData(
        "import { x } from \"./b.js\";\nawait import(\"./d.js\");",
        "js/a.js: it waits for js/d.js, which imports modules of the same bundle.")]
    public void What_cannot_be_bundled_is_refused_with_its_place(string module, string problem)
    {
        BundleException refused = Assert.Throws<BundleException>(() => Make(
            ("js/a.js", module),
            ("js/b.js", "export const x = 1;"),
            ("js/c.js", "import { x } from \"./b.js\"; export { x };"),
            ("js/d.js", "import { x } from \"./b.js\";")));
        Assert.Equal(problem, refused.Message);
    }

    [Fact]
    public void A_syntax_error_is_reported_with_its_line()
    {
        BundleException refused = Assert.Throws<BundleException>(() => Make(("js/a.js", "const a = 1;\nconst = 2;")));
        Assert.StartsWith("js/a.js:2: ", refused.Message, StringComparison.Ordinal);
    }

    private static string Bundle(params (string Path, string Text)[] modules) => Make(modules)["bundles/a.js"];

    private static IReadOnlyDictionary<string, string> Make(params (string Path, string Text)[] modules) =>
        PageBundle.Make(new ModuleGraph(modules.ToDictionary(one => one.Path, one => one.Text)), "js/a.js");
}
