// Writes abi/*.json and bytecode/*.hex of every contract the product deploys or calls, from what forge builds.
// `--check` writes nothing and fails when the committed files differ.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const contracts = ['Artist', 'ArtistRegistry', 'DevDollar', 'Tabs'];
const check = process.argv.includes('--check');

const forge = path.join(root, 'node_modules/@foundry-rs/forge-linux-amd64/bin/forge');
execFileSync(forge, ['build', '--quiet', 'src'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });

const wanted = new Map();
for (const name of contracts) {
  const built = JSON.parse(readFileSync(path.join(root, `out/${name}.sol/${name}.json`), 'utf8'));
  if (!/^0x([0-9a-f]{2})+$/.test(built.bytecode.object)) throw new Error(`${name}: bytecode is not linked`);
  wanted.set(`abi/${name}.json`, JSON.stringify(built.abi, null, 2) + '\n');
  wanted.set(`bytecode/${name}.hex`, built.bytecode.object + '\n');
}

const wrong = [];
for (const folder of ['abi', 'bytecode']) {
  mkdirSync(path.join(root, folder), { recursive: true });
  for (const file of readdirSync(path.join(root, folder))) {
    if (wanted.has(`${folder}/${file}`)) continue;
    wrong.push(`${folder}/${file} belongs to no contract`);
    if (!check) rmSync(path.join(root, folder, file));
  }
}
for (const [file, text] of wanted) {
  const at = path.join(root, file);
  if (existsSync(at) && readFileSync(at, 'utf8') === text) continue;
  wrong.push(`${file} differs from the build`);
  if (!check) writeFileSync(at, text);
}

if (check && wrong.length > 0) {
  console.error(wrong.join('\n') + '\nRun `npm run export` in contracts/ and commit the result.');
  process.exitCode = 1;
}
