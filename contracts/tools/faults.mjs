// Seeds faults, one at a time, into a copy of the sources and runs the tests that should notice. Fails when a fault survives,
// when its text is not in exactly one place, or when the tests do not pass without it.
//   npm run faults [-- words of a fault's line, “tabs:” for one list]
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const forge = path.join(root, 'node_modules/@foundry-rs/forge-linux-amd64/bin/forge');
const wanted = process.argv.slice(2).join(' ');

const lists = readdirSync(path.join(root, 'tools/faults')).filter((f) => f.endsWith('.mjs')).sort();
const groups = await Promise.all(lists.map(async (f) => {
  const { tests, faults } = await import(pathToFileURL(path.join(root, 'tools/faults', f)));
  return { tests, faults: faults.map(([what, text, instead]) => [`${path.basename(f, '.mjs')}: ${what}`, text, instead]) };
}));

const copy = mkdtempSync(path.join(tmpdir(), 'faults-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const part of ['src', 'test', 'tools', 'snapshots', 'foundry.toml', 'INVARIANTS.md']) cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));

const sources = new Map();
for (const entry of readdirSync(path.join(copy, 'src'), { recursive: true, withFileTypes: true }))
  if (entry.isFile()) sources.set(path.join(entry.parentPath, entry.name), readFileSync(path.join(entry.parentPath, entry.name), 'utf8'));

// Tests link the contracts by name instead of embedding them, so that a changed contract compiles alone; fewer fuzz runs are
// as many as a fault needs to be met.
const env = { ...process.env, FOUNDRY_DYNAMIC_TEST_LINKING: 'true', FOUNDRY_FUZZ_RUNS: '48', FOUNDRY_DENY: 'never' };

function test(paths) {
  const run = spawnSync(forge, ['test', '--match-path', paths, '--fail-fast'], { cwd: copy, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  const output = run.stdout + run.stderr;
  const failed = output.match(/^\[FAIL.*?\] (\w+)\(/m)?.[1];
  const broken = /Compiler run failed|Error: /.test(output) && !failed ? output.slice(-2_000) : null;
  return { passed: run.status === 0 && /tests passed/.test(output), failed, broken };
}

if (!groups.some(({ faults }) => faults.some(([what]) => what.includes(wanted)))) {
  console.error(`No fault's line contains “${wanted}”.`);
  process.exit(2);
}

let bad = 0;
const say = (mark, what, detail) => console.log(`${mark.padEnd(9)} ${what}${detail ? ` · ${detail}` : ''}`);

for (const { tests, faults } of groups) {
  const chosen = faults.filter(([what]) => what.includes(wanted));
  if (chosen.length === 0) continue;
  const sound = test(tests);
  if (!sound.passed) {
    say('NOT SOUND', `${tests} does not pass without a fault`, sound.failed ?? sound.broken);
    process.exit(1);
  }
  for (const [what, text, instead] of chosen) {
    const places = [...sources].filter(([, source]) => source.split(text).length === 2);
    if (places.length !== 1 || [...sources.values()].some((source) => source.split(text).length > 2)) {
      bad += 1;
      say('NOT FOUND', what, `its text is in ${places.length} files once`);
      continue;
    }
    const [[file, source]] = places;
    writeFileSync(file, source.replace(text, () => instead));
    const { passed, failed, broken } = test(tests);
    writeFileSync(file, source);
    if (failed) say('caught', what, `${path.relative(copy, file)}: ${failed}`);
    else {
      bad += 1;
      if (passed) say('SURVIVED', what, path.relative(copy, file));
      else say('BROKEN', what, broken ?? 'forge failed without a failing test');
    }
  }
}

console.log(bad === 0 ? 'Every fault was caught.' : `${bad} not caught.`);
process.exitCode = bad === 0 ? 0 : 1;
