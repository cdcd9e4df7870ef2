// Holds the specifications (*.tree) against the tests and the contracts: every leaf names a test that exists, every test is
// named by a leaf, and every call that changes state has a folder.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const tests = path.join(root, 'test');
const wrong = [];

// What of a contract must have a folder below test/<area>/. The rest of DevDollar is OpenZeppelin's.
const areas = [
  { contract: 'Artist', area: 'artist', wanted: () => true },
  { contract: 'ArtistRegistry', area: 'registry', wanted: () => true },
  { contract: 'Tabs', area: 'tabs', wanted: () => true },
  { contract: 'DevDollar', area: 'dollar', wanted: (name) => ['faucet', 'receiveWithAuthorization'].includes(name) },
];

const entries = readdirSync(tests, { recursive: true, withFileTypes: true });
const trees = entries.filter((e) => e.isFile() && e.name.endsWith('.tree')).map((e) => path.join(e.parentPath, e.name));
const texts = new Map(trees.map((tree) => [tree, readFileSync(tree, 'utf8')]));

for (const [tree, text] of texts) {
  const at = path.relative(root, tree);
  const folder = path.dirname(tree);
  const suites = readdirSync(folder).filter((f) => f.endsWith('.t.sol'));
  const [first, ...lines] = text.trimEnd().split('\n');
  if (path.basename(tree, '.tree') !== path.basename(folder)) wrong.push(`${at}: is not named as its folder`);
  if (suites.length !== 1 || suites[0] !== first) {
    wrong.push(`${at}: the first line says ${first}, beside it is ${suites.join(', ') || 'no test'}`);
    continue;
  }
  const named = new Set();
  for (const line of lines) {
    const words = line.replace(/^[\s│├└─]+/u, '');
    const name = /\[(test\w+)\]$/.exec(words)?.[1];
    if (words.startsWith('it ') && !name) wrong.push(`${at}: names no test: ${words}`);
    if (!words.startsWith('it ') && name) wrong.push(`${at}: is no leaf, which begins with “it”: ${words}`);
    if (name) named.add(name);
  }
  const source = readFileSync(path.join(folder, first), 'utf8');
  const written = new Set([...source.matchAll(/^ {4}function (test(?:Fuzz)?_\w+)\(/gm)].map((m) => m[1]));
  for (const name of named) if (!written.has(name)) wrong.push(`${at}: ${name} is no test of ${first}`);
  for (const name of written) if (!named.has(name)) wrong.push(`${at}: no leaf names ${name}`);
  if (written.size === 0) wrong.push(`${at}: ${first} tests nothing`);
}

let calls = 0;
for (const { contract, area, wanted } of areas) {
  const abi = JSON.parse(readFileSync(path.join(root, `abi/${contract}.json`), 'utf8'));
  const changing = abi.filter((x) => x.type === 'function' && !['view', 'pure'].includes(x.stateMutability)).map((x) => x.name);
  for (const name of changing.filter(wanted)) {
    calls += 1;
    const base = name.replace(/With(Signature|Authorization)$/, '');
    const treeOf = (folder) => texts.get(path.join(tests, area, folder, `${folder}.tree`));
    if (treeOf(name) !== undefined) continue;
    if (base !== name && treeOf(base)?.match(new RegExp(`\\b${name}\\b`))) continue;
    wrong.push(`${contract}.${name} has no folder test/${area}/${name} with a .tree`);
  }
}

if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exitCode = 1;
} else {
  console.log(`${trees.length} trees agree with their tests; ${calls} calls have theirs.`);
}
