// Deploys registry and tabs on the chain behind --rpc-url, or verifies what stands there, by script/Deploy.s.sol.
//   npm run deploy -- --rpc-url URL [--config FILE] [--out FILE] [forge's own options: --account NAME, --ledger, …]
//   npm run deploy -- --verify FILE --rpc-url URL [--config FILE]
// The file written is what OVATION_CONTRACTS reads; it is written only after the chain itself was asked.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const rest = process.argv.slice(2);

function option(name) {
  const at = rest.indexOf(name);
  if (at < 0) return null;
  const [, value] = rest.splice(at, 2);
  if (!value) stop(`${name} wants a value`);
  return value;
}

function stop(why) {
  console.error(why);
  process.exit(1);
}

const rpc = option('--rpc-url') ?? stop('--rpc-url is missing: which node?');
const verifyOnly = option('--verify');
const config = option('--config');
const out = option('--out');

async function ask(method, params = []) {
  const answer = await fetch(rpc, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
  const { result, error } = await answer.json();
  if (error) stop(`${method}: ${error.message}`);
  return result;
}

function forge(signature, values, more) {
  const run = spawnSync(
    path.join(root, 'node_modules/@foundry-rs/forge-linux-amd64/bin/forge'),
    ['script', 'script/Deploy.s.sol', '--no-storage-caching', '--rpc-url', rpc, '--sig', signature, ...values, ...more],
    { cwd: root, encoding: 'utf8', stdio: ['inherit', 'pipe', 'pipe'], maxBuffer: 1 << 26 },
  );
  if (run.status === 0) return;
  const reason = /Error: script failed: .*|Error: .*/.exec(run.stderr + run.stdout)?.[0];
  stop(reason ?? run.stderr + run.stdout);
}

const chainId = Number(await ask('eth_chainId').catch(() => stop(`no node answers at ${rpc}`)));
const configFile = config ?? path.join(root, `deployments/${chainId}.json`);
if (!existsSync(configFile)) stop(`chain ${chainId} has no configuration: ${path.relative(root, configFile)} is missing`);
const text = readFileSync(configFile, 'utf8');
const terms = JSON.parse(text);
if (terms.chainId !== chainId) stop(`${configFile} is for chain ${terms.chainId}, the node is on ${chainId}`);
if (!Number.isInteger(terms.confirmations) || terms.confirmations < 1) stop(`${configFile}: confirmations is at least 1`);

if (verifyOnly) {
  const named = JSON.parse(readFileSync(verifyOnly, 'utf8'));
  if (named.chainId !== chainId) stop(`${verifyOnly} is for chain ${named.chainId}, the node is on ${chainId}`);
  forge('verify(string,address,address)', [text, named.registry, named.tabs], []);
  console.log(`Registry ${named.registry} and tabs ${named.tabs} are the committed build.`);
} else {
  const outFile = out ?? path.join(root, `deployments/${chainId}.contracts.json`);
  if (existsSync(outFile)) stop(`${outFile} is there: these contracts are deployed already`);
  forge('run(string)', [text], ['--broadcast', '--slow', ...rest]);
  const sent = JSON.parse(readFileSync(path.join(root, `broadcast/Deploy.s.sol/${chainId}/run-latest.json`), 'utf8'));
  const [registry, tabs] = sent.receipts.map((r) => r.contractAddress);
  if (sent.receipts.length !== 2 || sent.receipts.some((r) => r.status !== '0x1')) stop('not both contracts were deployed: see broadcast/');
  forge('verify(string,address,address)', [text, registry, tabs], []);
  const contracts = {
    chainId,
    registry,
    tabs,
    token: terms.token,
    fromBlock: Number(sent.receipts[0].blockNumber),
    tokenVersion: terms.tokenVersion,
    confirmations: terms.confirmations,
  };
  writeFileSync(outFile, JSON.stringify(contracts, null, 2) + '\n');
  console.log(`Deployed and verified; OVATION_CONTRACTS=${outFile}`);
}
