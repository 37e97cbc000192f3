/** Of every page; sent inside it, allowed by its digest. Colours keep a contrast of 4.5 : 1 or more (WCAG 2.2 §1.4.3). */
export const stylesheet = `
:root { color-scheme: light dark; --ground: #f3f4f1; --card: #ffffff; --line: #d9dcd3; --ink: #1c211b; --soft: #565d52;
  --brand: #17603f; --brand-ink: #ffffff; --quiet: #eef0ea; --warn: #fff5dd; --warn-line: #dba941; --warn-ink: #5a3d00;
  --bad: #fdecea; --bad-line: #d4665a; --bad-ink: #7c1d13; }
@media (prefers-color-scheme: dark) { :root { --ground: #121512; --card: #1b1f1b; --line: #363c35; --ink: #e9ece6;
  --soft: #a9b1a4; --brand: #6fcf9d; --brand-ink: #0d2117; --quiet: #252a25; --warn: #2f2712; --warn-line: #8f6d23;
  --warn-ink: #f4dca3; --bad: #331b18; --bad-line: #a14a40; --bad-ink: #ffc9c2; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; grid-template-rows: 1fr auto; justify-items: center; align-items: center;
  padding: 2rem 1rem 1rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", sans-serif; }
main { width: 100%; max-width: 28rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 2rem; box-shadow: 0 1px 2px rgb(0 0 0 / .05), 0 12px 32px rgb(0 0 0 / .06); }
.brand { display: flex; align-items: center; gap: .6rem; margin: 0 0 1.5rem; color: var(--brand); font-weight: 650;
  letter-spacing: .01em; }
h1 { margin: 0 0 .35rem; font-size: 1.45rem; line-height: 1.25; letter-spacing: -.01em; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
.lead { color: var(--soft); margin-bottom: 1.5rem; }
label { display: block; margin: 0 0 .35rem; font-weight: 600; }
input[type=text], input[type=password] { width: 100%; margin: 0 0 1.1rem; padding: .7rem .8rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--soft); border-radius: 8px; }
input.code { font: 600 1.5rem/1.2 ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  letter-spacing: .12em; text-align: center; text-transform: uppercase; }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
.actions { display: flex; flex-direction: row-reverse; gap: .75rem; margin-top: .5rem; }
button, .button { flex: 1; padding: .75rem 1rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none;
  color: var(--brand-ink); background: var(--brand); border: 1px solid var(--brand); border-radius: 8px; cursor: pointer; }
button.second { color: var(--ink); background: var(--quiet); border-color: var(--line); }
button:hover, .button:hover { filter: brightness(1.08); }
.note { padding: .8rem 1rem; margin: 0 0 1.25rem; border: 1px solid var(--line); border-left-width: 4px; border-radius: 8px;
  background: var(--quiet); font-size: .94rem; }
.note p:last-child { margin: 0; }
.warn { background: var(--warn); border-color: var(--warn-line); color: var(--warn-ink); }
.bad { background: var(--bad); border-color: var(--bad-line); color: var(--bad-ink); }
dl { margin: 0 0 1.25rem; border: 1px solid var(--line); border-radius: 8px; }
dl > div { display: grid; grid-template-columns: 7rem 1fr; gap: .75rem; padding: .6rem .9rem; }
dl > div + div { border-top: 1px solid var(--line); }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
dd ul { margin: 0; padding: 0; list-style: none; }
code { font: .92em/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.shown-code { margin: 0 0 1.25rem; padding: .8rem; border-radius: 8px; background: var(--quiet); text-align: center;
  font: 650 1.75rem/1.2 ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; letter-spacing: .12em; }
.quiet { color: var(--soft); font-size: .9rem; margin: 1.25rem 0 0; }
a { color: var(--brand); }
.link { display: inline; flex: none; padding: 0; border: 0; background: none; color: var(--brand); font-weight: inherit;
  text-decoration: underline; }
footer { padding-top: 1.5rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 26rem) { main { padding: 1.4rem; } dl > div { grid-template-columns: 1fr; gap: .1rem; } }
`
