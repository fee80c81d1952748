// Shows the chosen run at the chosen frame. The arguments are the page's models and `runs`: key -> {curves, rings, facts}.
const key = [p.value, width.value, loss.value, ridge.value].join(" ")
const run = runs[key] ?? runs["live"]
if (run === undefined) {
  note.text = `There is no run with ${loss.value} at λ = ${ridge.value}: this loss has no minimum without a ridge. Choose λ > 0.`
  return
}
const facts = {}
for (const name of Object.keys(run.facts.data)) facts[name] = run.facts.data[name][0]
const modulus = facts.p
const scales = facts.exact
// The exact law of the initial scale for a homogeneous activation of degree 1, λ → 0 and squared loss:
// the run from α times the start is at α e^(τ − τ_α) times this run's state at τ_α = ln(1 + α⁴(e^(4τ) − 1))/4.
scale.disabled = !scales
const alpha = scales ? scale.value : 1
const stored = run.curves.data
const later = Array.from(stored.tau, (tau) => Math.log(1 + alpha ** 4 * Math.expm1(4 * tau)) / 4)
const factor = later.map((tau, i) => alpha * Math.exp(stored.tau[i] - tau))
const shown = {}
for (const name of Object.keys(stored)) shown[name] = Array.from(stored[name])
shown.tau = later
shown.norm_1 = shown.norm_1.map((value, i) => value * factor[i] ** 2)
shown.norm_2 = shown.norm_2.map((value, i) => value / factor[i] ** 2)
curves.data = shown

const frames = later.length
time.end = frames - 1
if (time.value > frames - 1) time.value = frames - 1
const i = time.value
const present = {}
for (const name of Object.keys(shown)) present[name] = [shown[name][i]]
dot.data = present
chance.data = {x: [later[0], later[frames - 1]], y: [1 / modulus, 1 / modulus]}

const half = (modulus - 1) / 2
const k = Math.min(Number(frequency.value), half)
const kept = run.rings.data.flat.length / (frames * 2 * modulus)
const at = (i * kept + (Math.min(k, kept) - 1)) * 2 * modulus
const flat = run.rings.data.flat
let size = 0
for (let j = 0; j < 2 * modulus; j++) size += flat[at + j] ** 2
size = Math.sqrt(size / modulus) || 1
const x = [], y = [], colour = [], name = [], label_x = [], label_y = []
// In the order of j·k mod p, closed, so that a circle is drawn as one.
const order = Array.from({length: modulus}, (_, j) => j).sort((a, b) => (a * k) % modulus - (b * k) % modulus)
for (const j of [...order, order[0]]) {
  const [a, b] = [flat[at + j] / size, flat[at + modulus + j] / size]
  const out = 1 + 0.2 / (Math.hypot(a, b) || 1)
  x.push(a); y.push(b); label_x.push(a * out); label_y.push(b * out)
  colour.push(palettes[modulus][(j * k) % modulus]); name.push(String(j))
}
ring.data = {x, y, colour, name, label_x, label_y}

const level = Array.from(shown.test).findIndex((value) => value >= 0.95)
const when = level < 0 ? "is not reached" : `is reached at τ = ${later[level].toFixed(2)}`
note.text = `<b>τ = ${later[i].toFixed(2)}</b>: training ${(100 * shown.train[i]).toFixed(0)} %, test ${(100 * shown.test[i]).toFixed(0)} %.
  Test accuracy 95 % ${when}. <br>Over all frequencies, the cosine between Re F<sub>k</sub> and Im F<sub>k</sub> is
  ${shown.within[i].toFixed(3)} (0 on a circle), and the smaller of their norms is ${shown.equality[i].toFixed(3)} of the larger (1 on a circle).
  <br>${facts.train} pairs train, ${facts.test} test, ${facts.hidden} hidden ReLU units, no network is trained: the first-layer flow.
  ${scales ? "" : "<br>The initial scale is fixed here: its exact law needs λ → 0 and the squared loss."}`
