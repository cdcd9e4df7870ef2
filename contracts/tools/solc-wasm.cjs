#!/usr/bin/env node
'use strict';
// Lets forge use the wasm compiler of the npm package `solc`: answers the two command lines forge sends.
const fs = require('node:fs');
const path = require('node:path');

const solc = require(require.resolve('solc', { paths: [path.join(__dirname, '..')] }));
const asked = new Set(process.argv.slice(2));

if (asked.has('--version')) {
  fs.writeSync(1, `solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else if (asked.has('--standard-json')) {
  const answer = Buffer.from(solc.compile(fs.readFileSync(0, 'utf8')));
  for (let sent = 0; sent < answer.length;) sent += fs.writeSync(1, answer, sent); // a pipe may take less than all
} else {
  fs.writeSync(2, `solc-wasm: cannot do ${process.argv.slice(2).join(' ')}\n`);
  process.exitCode = 1;
}
