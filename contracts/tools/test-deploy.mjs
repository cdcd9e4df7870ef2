// Runs the deployment against a chain of its own: that it works, that it refuses what it must, that it sees tampered code.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { tmpdir } from 'node:os';
import assert from 'node:assert/strict';
import path from 'node:path';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const EMBEDDED = 1_999_999_999;
const scratch = mkdtempSync(path.join(tmpdir(), 'deploy-'));
const nodes = [];
process.on('exit', () => {
  nodes.forEach((node) => node.kill());
  rmSync(scratch, { recursive: true, force: true });
  for (const id of [EMBEDDED, 31_337]) rmSync(path.join(root, `broadcast/Deploy.s.sol/${id}`), { recursive: true, force: true });
});

async function start(chainId) {
  const node = spawn(path.join(root, 'node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil'), ['--port', '0', '--chain-id', `${chainId}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  nodes.push(node);
  const rpc = await new Promise((found, failed) => {
    let said = '';
    node.on('exit', () => failed(new Error('anvil ended')));
    node.stdout.on('data', (text) => {
      said += text;
      const port = /Listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port) found(`http://127.0.0.1:${port}`);
    });
  });
  const ask = async (method, params = []) => {
    const answer = await fetch(rpc, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
    const { result, error } = await answer.json();
    if (error) throw new Error(error.message);
    return result;
  };
  const [sender, treasury] = await ask('eth_accounts');
  const data = readFileSync(path.join(root, 'bytecode/DevDollar.hex'), 'utf8').trim();
  const hash = await ask('eth_sendTransaction', [{ from: sender, data, gas: '0x500000' }]);
  let receipt = null;
  while (receipt === null) receipt = await ask('eth_getTransactionReceipt', [hash]);
  const token = receipt.contractAddress;
  return { rpc, ask, sender, treasury, token, chainId };
}

let files = 0;
function config(chain, changes = {}) {
  const file = path.join(scratch, `config-${++files}.json`);
  const terms = { chainId: chain.chainId, token: chain.token, tokenName: 'Dev Dollar', tokenVersion: '1', treasury: chain.treasury, challengeSeconds: 259_200, splitDelaySeconds: 604_800, confirmations: 3 };
  writeFileSync(file, JSON.stringify({ ...terms, ...changes }));
  return file;
}

function deploy(chain, ...args) {
  const run = spawnSync(process.execPath, [path.join(root, 'tools/deploy.mjs'), '--rpc-url', chain.rpc, ...args], { cwd: root, encoding: 'utf8' });
  return { done: run.status === 0, said: run.stdout + run.stderr };
}

const send = (chain, terms, out) => deploy(chain, '--config', terms, '--out', out, '--unlocked', '--sender', chain.sender);

function refused(what, { done, said }, why) {
  assert.ok(!done, `${what} must be refused`);
  assert.match(said, why, what);
  console.log(`refused: ${what}`);
}

const chain = await start(EMBEDDED);
const out = path.join(scratch, 'contracts.json');

refused('a chain without a configuration', deploy(chain, '--out', out), /has no configuration/);
refused('a configuration for another chain', send(chain, config(chain, { chainId: 8_453 }), out), /is for chain 8453/);
refused('a treasury that was not filled in', send(chain, config(chain, { treasury: '0x' + '0'.repeat(40) }), out), /TreasuryMissing/);
refused('an address without a token', send(chain, config(chain, { token: chain.sender }), out), /NotAToken/);
refused('a token with another name', send(chain, config(chain, { tokenName: 'USD Coin' }), out), /WrongDomain/);
refused('a token with another version', send(chain, config(chain, { tokenVersion: '2' }), out), /WrongDomain/);
refused('a challenge of years', send(chain, config(chain, { challengeSeconds: 99_999_999 }), out), /NotSensible/);
assert.ok(!existsSync(out), 'a refusal writes nothing');

const good = config(chain);
const { done, said } = send(chain, good, out);
assert.ok(done, said);
const contracts = JSON.parse(readFileSync(out, 'utf8'));
assert.deepEqual(Object.keys(contracts), ['chainId', 'registry', 'tabs', 'token', 'fromBlock', 'tokenVersion', 'confirmations']);
assert.equal(contracts.chainId, EMBEDDED);
assert.equal(contracts.token.toLowerCase(), chain.token.toLowerCase());
assert.ok(contracts.fromBlock >= 2 && contracts.confirmations === 3 && contracts.tokenVersion === '1');
for (const at of [contracts.registry, contracts.tabs]) assert.notEqual(await chain.ask('eth_getCode', [at, 'latest']), '0x');
console.log('deployed and verified');
refused('to deploy over a deployment', send(chain, good, out), /deployed already/);

const verify = (terms) => deploy(chain, '--verify', out, '--config', terms);
assert.ok(verify(good).done, 'verifies again');
refused('another treasury than configured', verify(config(chain, { treasury: chain.sender })), /WrongView/);
const implementation = '0x' + (await chain.ask('eth_call', [{ to: contracts.registry, data: '0x5c60da1b' }, 'latest'])).slice(26);
for (const [what, at] of [['tabs', contracts.tabs], ['registry', contracts.registry], ['implementation', implementation]]) {
  const code = await chain.ask('eth_getCode', [at, 'latest']);
  await chain.ask('anvil_setCode', [at, code + '00']);
  refused(`tampered code of the ${what}`, verify(good), /WrongCode/);
  await chain.ask('anvil_setCode', [at, code]);
}
assert.ok(verify(good).done, 'and is good again');

const elsewhere = await start(31_337);
refused('play money outside the embedded chain', send(elsewhere, config(elsewhere), path.join(scratch, 'elsewhere.json')), /PlayMoney/);
console.log('Deployment holds.');
process.exit(0);
