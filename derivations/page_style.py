"""How the page looks: wide and narrow screens, paper, light and dark."""

STYLE = """
:root { color-scheme: light dark; --text: #1c1c1c; --soft: #55524d; --paper: #fdfdfb; --side: #f4f2ee; --rule: #cfcac1;
  --label: #7a3b00; --good: #1a7f37; --bad: #b42318; --quoted: #7a5c00; --link: #0b5394; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e1da; --soft: #aba69c; --paper: #17181a; --side: #202226;
  --rule: #45474c; --label: #e0a46c; --good: #5fc37a; --bad: #ff8a7a; --quoted: #d9b95c; --link: #8ab8ee; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; font: 16px/1.5 Georgia, "DejaVu Serif", serif; color: var(--text); background: var(--paper);
  display: grid; grid-template-columns: 20rem minmax(0, 1fr); overflow-wrap: break-word; }
a { color: var(--link); }
sub, sup { line-height: 0; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem; background: var(--side);
  font-size: .85rem; line-height: 1.35; }
nav a { color: inherit; text-decoration: none; display: block; padding: .12rem 0 .12rem 1.1rem; text-indent: -1.1rem; }
nav a:hover { text-decoration: underline; }
nav strong { display: block; margin-top: 1rem; }
main { padding: 1.5rem 3rem 6rem; max-width: 62rem; min-width: 0; container-type: inline-size; }
section { margin: 0 0 2.4rem; }
h1 { line-height: 1.2; }
h2 { border-bottom: 1px solid var(--rule); margin-top: 3rem; line-height: 1.25; }
h3 { margin: 0 0 .3rem; font-size: 1.05rem; line-height: 1.35; }
.label, .number { color: var(--label); margin-right: .5rem; }
.assumes { margin: .3rem 0 .6rem; padding: .25rem .8rem; background: var(--side); font-size: .9rem;
  color: var(--soft); }
.line { border-left: 2px solid var(--rule); margin: .5rem 0; padding-left: .9rem; }
.line.result { border-left-color: var(--label); }
.rule { font-size: .9rem; }
.row { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: .3em; row-gap: .35em;
  padding: .35rem 0 .35rem 1.4em; font-size: 1.15rem; }
.row > :first-child { margin-left: -1.4em; }
.wide { font-size: min(1em, calc(88cqi / var(--width))); }
p, ul { margin: .2rem 0; }
ul { list-style: none; padding: 0; font-size: .8rem; color: var(--soft); }
li { display: inline; margin-right: 1.2rem; }
.passed::before { content: "✓ "; color: var(--good); }
.failed::before { content: "✗ "; }
.failed { color: var(--bad); }
.quoted::before { content: "– "; }
.quoted { color: var(--quoted); }
details li { display: block; }
summary { cursor: pointer; font-size: .8rem; color: var(--soft); }
.links { font-size: .8rem; color: var(--soft); }
.links code { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: normal; color: var(--soft); }
th, td { border-bottom: 1px solid var(--rule); padding: .25rem .6rem .25rem 0; vertical-align: baseline; }
td:nth-child(2) { white-space: nowrap; }
.ledger td { white-space: normal; } .ledger td:nth-child(3) { overflow-wrap: anywhere; }
pre { background: var(--side); padding: .8rem; font-size: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
dt { font-family: monospace; font-size: .85rem; } dd { margin: 0 0 .3rem 1rem; font-size: .85rem; }
@media (max-width: 50rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 60vh; border-bottom: 1px solid var(--rule); }
  main { padding: .8rem; }
  .row { font-size: 1rem; padding-left: 1em; }
  .row > :first-child { margin-left: -1em; }
  .line { padding-left: .6rem; }
}
@media print {
  :root { color-scheme: light; --text: #000; --soft: #444; --paper: #fff; --side: #f4f4f4; --rule: #bbb;
    --label: #7a3b00; --good: #1a7f37; --bad: #b42318; --quoted: #7a5c00; --link: #000; }
  body { display: block; font-size: 10pt; }
  nav { position: static; height: auto; columns: 2; }
  main { padding: 0; max-width: none; }
  section, .line, tr { break-inside: avoid; }
  h2, h3, .assumes { break-after: avoid; }
  a { text-decoration: none; }
}
"""
