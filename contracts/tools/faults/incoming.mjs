// Faults a change to how tokens come in could bring in: the guards of src/libraries/Incoming.sol, for artists and for tabs.
export const tests = 'test/{artist/buy,artist/buyWithAuthorization,tabs/openWithAuthorization}/**';

const ask = 'staticcall(gas(), token, 0x1c, 0x24, 0x00, 0x20)';
const asked = `if iszero(and(gt(returndatasize(), 0x1f), ${ask})) {`;
const pay = 'call(gas(), token, 0, add(m, 0x1c), 0x124, 0, 0)';
const length = 'require(signature.length == 65, BadSignatureLength(signature.length));';

export const faults = [
  ['what a token reverts with is no balance', asked, `pop(${ask})\n            if iszero(gt(returndatasize(), 0x1f)) {`],
  ['no answer is no balance', asked, `if iszero(${ask}) {`],
  ['31 bytes are no balance', asked, `if iszero(and(gt(returndatasize(), 0x1e), ${ask})) {`],
  ['more than a word is an answer', asked, `if iszero(and(eq(returndatasize(), 0x20), ${ask})) {`],
  ['a token says why it refuses', 'returndatacopy(m, 0, returndatasize())\n                revert(m, returndatasize())', 'revert(0, 0)'],
  ['a payment refused is none', `if iszero(${pay}) {`, `pop(${pay})\n            if 0 {`],
  ['only what this payment brought counts', 'balanceIn(token) - before;', 'balanceIn(token);'],
  ['a signature has a length', length, ''],
  ['a signature is not shorter', length, length.replace('==', '<=')],
  ['a signature is not longer', length, length.replace('==', '>=')],
];
