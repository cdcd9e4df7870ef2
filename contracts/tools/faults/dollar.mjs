// Faults a change to the embedded chain's token could bring in.
export const tests = 'test/dollar/**';
export const faults = [
  ['the key is the payer’s', 'is_ := and(eq(mload(0x00), from), gt(from, 0))', 'is_ := gt(mload(0x00), 0)'],
  ['nobody has the address zero', 'is_ := and(eq(mload(0x00), from), gt(from, 0))', 'is_ := eq(mload(0x00), from)'],
  ['s is low', '            is_ := and(is_, lt(s, 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1))\n', ''],
  ['who is paid calls', 'to == msg.sender && _isSignedBy', '_isSignedBy'],
  ['what is moved was signed', '_transferWithAuthorization(from, to, value, validAfter', '_transferWithAuthorization(from, to, value + 1, validAfter'],
  ['what does not fit goes to be refused', 'super.receiveWithAuthorization(from, to, value, validAfter, validBefore, nonce, v, r, s);', ''],
  ['a nonce is taken once', 'a.used = 1;', ''],
  ['a nonce taken is refused', 'require(a.used == 0, ERC3009UsedAuthorization(authorizer, nonce));', ''],
  ['a nonce is one key’s', 'Authorisation storage a = _authorisations[authorizer][nonce];', 'Authorisation storage a = _authorisations[msg.sender][nonce];'],
  ['not this second', 'block.timestamp > validAfter', 'block.timestamp >= validAfter'],
  ['not the last second', 'block.timestamp < validBefore', 'block.timestamp <= validBefore'],
  ['the faucet has a cap', 'require(units <= FAUCET_MOST, FaucetTooMuch(units, FAUCET_MOST));', ''],
];
