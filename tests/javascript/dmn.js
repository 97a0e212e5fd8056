// Asks dmn-eval-js, an engine that is not ours, each table about each case: a value, its parts, or a list of those.
const { readFileSync } = require("node:fs");
const loglevel = require("loglevel");
const { decisionTable } = require("@hbtgmbh/dmn-eval-js");

// It warns of everything in DMN that it does not need; what it cannot read makes it fail.
loglevel.getLogger("dmn-eval-js").setLevel("silent");
console.error = () => {};

// Before each case it builds every cell anew, with a copy of all that is told. A cell of ours reads nothing but its own
// column, so with many cases each is built once; with few, everything is left to the engine.
const FEW = 1000;

function builtOnce(cell) {
  const build = cell.build.bind(cell);
  let built;
  cell.build = (context) => (built ??= build(context));
}

async function asked({ table, dmn, told }) {
  const decisions = await decisionTable.parseDmnXml(dmn);
  if (told.length > FEW) {
    decisions[table].decisionTable.rules.forEach((rule) => rule.input.forEach(builtOnce));
  }
  return told.map((one) => decisionTable.evaluateDecision(table, decisions, one) ?? []);
}

Promise.all(JSON.parse(readFileSync(0)).map(asked)).then(
  (found) => process.stdout.write(JSON.stringify(found)),
  (failure) => {
    process.stdout.write(String(failure.stack));
    process.exitCode = 1;
  },
);
