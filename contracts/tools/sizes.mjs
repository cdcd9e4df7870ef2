// Records in snapshots/sizes.json how many bytes each contract has on chain and to create; `--check` fails when the record is
// stale. Both fail above what the chain takes (EIP-170, EIP-3860).
import { readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const MOST_CODE = 24_576;
const MOST_CREATION = 49_152;
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const record = path.join(root, 'snapshots/sizes.json');

const forge = path.join(root, 'node_modules/@foundry-rs/forge-linux-amd64/bin/forge');
execFileSync(forge, ['build', '--quiet', 'src'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });

const sizes = {};
const wrong = [];
for (const name of ['Artist', 'ArtistRegistry', 'DevDollar', 'Tabs']) {
  const built = JSON.parse(readFileSync(path.join(root, `out/${name}.sol/${name}.json`), 'utf8'));
  const bytes = (code) => (code.object.length - 2) / 2;
  sizes[name] = { code: bytes(built.deployedBytecode), creation: bytes(built.bytecode) };
  if (sizes[name].code > MOST_CODE) wrong.push(`${name}: ${sizes[name].code} bytes of code, at most ${MOST_CODE}`);
  if (sizes[name].creation > MOST_CREATION) wrong.push(`${name}: ${sizes[name].creation} bytes to create, at most ${MOST_CREATION}`);
}

const text = JSON.stringify(sizes, null, 2) + '\n';
if (!process.argv.includes('--check')) writeFileSync(record, text);
else if (readFileSync(record, 'utf8') !== text) wrong.push('snapshots/sizes.json differs from the build: run `npm run sizes` in contracts/ and commit the result');

if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exitCode = 1;
}
