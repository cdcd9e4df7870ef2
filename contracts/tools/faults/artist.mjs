// Faults a change to the registry or an artist's contract could bring in.
export const tests = 'test/{artist,registry}/**';
export const faults = [
  ['a handle is unique', 'require(idOf[registrar][handle] == 0, HandleTaken(registrar, handle, idOf[registrar][handle]));', ''],
  ['nobody front-runs a name', 'require(registrar == address(0) || registrar == msg.sender, NotRegistrar(msg.sender, registrar));', ''],
  ['a handle is plain ASCII', 'require(_isHandle(handle), BadHandle(handle));', ''],
  ['initialised by the registry', 'require(msg.sender == registry, NotRegistry(msg.sender));', ''],
  ['a nonce is used once', '++_sequences[signer][key];', ''],
  ['a nonce is the next one', 'require(nonce_ == expected, BadNonce(signer, nonce_, expected));', ''],
  ['a signature has a deadline', 'require(deadline <= latest, DeadlineTooFar(deadline, latest));\n        uint192 key', 'uint192 key'],
  ['ordered calls take key 0', 'require(_keyOf(nonce_) == 0, NonceKeyNotZero(_keyOf(nonce_)));', ''],
  ['a transfer raises the owner epoch', '++ownerEpoch', 'ownerEpoch'],
  ['the new owner accepts', 'require(msg.sender == pendingOwner, NotPendingOwner(msg.sender));', ''],
  ['a licence is bought once', 'require(bits & bit == 0, AlreadyLicensed(songId, licensee));', ''],
  ['the price is at most what was said', 'require(price <= maxPrice, PriceAboveMaximum(songId, price, maxPrice));', ''],
  ['nobody takes more than its share', 'require(amount <= most, NotEnough(payee, amount, most));', ''],
  ['shares sum to the whole', 'require(payees_.length == 0 || sum == WHOLE, SharesDoNotSum(sum, WHOLE));', ''],
  ['splits wait for their delay', 'uint40(block.timestamp) + splitDelay', 'uint40(block.timestamp)'],
  ['what was taken counts', '_released += amount - booked;', ''],
  // sales
  ['what came in is what was asked for', 'require(received == amount, PaymentNotExact(received, amount));', ''],
  ['what exceeds the price goes back', 'if (price < maxPrice) _token.safeTransfer(licensee, maxPrice - price);', ''],

  // the till
  ['a sale wants the payer’s signature', 'require(Tills.isSigned(_token, till_, payment), BadSignature(payment.from));\n        uint256 price', 'uint256 price'],
  ['a refund wants the payer’s signature', 'require(Tills.isSigned(_token, till_, payment), BadSignature(payment.from));\n        _requireSpent', '_requireSpent'],
  ['no sale while the payment could still arrive', 'if (!pulled) _requireSpent(payment);', ''],
  ['no refund while the payment could still arrive', '_requireSpent(payment);\n        uint256 received', 'uint256 received'],
  ['a spent payment is asked of the token', 'require(spent, PaymentOutstanding(payment.from, payment.nonce));', ''],
  ['the price arrived', 'require(received >= price, TillShort(till_, received, price));', ''],
  ['only what the till sent has arrived', 'received = token.balanceOf(address(this)) - balance;', 'received = token.balanceOf(address(this));'],
  ['an empty till refunds nothing', 'require(received != 0, TillShort(till_, 0, 1));', ''],
  ['a till works once', 'require(created != address(0), IArtist.TillUsed(till));', ''],
  ['a till is of one song', 'abi.encode(songId, quote, issuer)', 'abi.encode(quote, issuer)'],
  ['a till is of one quote', 'abi.encode(songId, quote, issuer)', 'abi.encode(songId, issuer)'],
  ['a till is of one issuer', 'abi.encode(songId, quote, issuer)', 'abi.encode(songId, quote)'],
  ['who signed gets the licence', '_sell(songId, payment.from, payment.value)', '_sell(songId, msg.sender, payment.value)'],
  ['who signed says the most it pays', '_sell(songId, payment.from, payment.value)', '_sell(songId, payment.from, type(uint256).max)'],
  ['who signed gets the refund', '_token.safeTransfer(payment.from, received);', '_token.safeTransfer(msg.sender, received);'],
  ['a sale at a till locks', 'buyAtTill(uint256 songId, bytes32 quote, TillPayment calldata payment) external nonReentrant', 'buyAtTill(uint256 songId, bytes32 quote, TillPayment calldata payment) external'],
  ['a till takes no contract’s word', 'return Signatures.byKey(payment.from,', 'return Signatures.byKeyOrContract(payment.from,'],
  ['a till’s signature dies with its chain', 'IERC20Permit(address(token)).DOMAIN_SEPARATOR()', 'keccak256(abi.encode(keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"), keccak256("Dev Dollar"), keccak256("1"), 31_337, token))'],

  // signatures of keys and contracts, for registry and artists
  ['the key is the signer’s', 'fault == ECDSA.RecoverError.NoError && recovered == signer', 'fault == ECDSA.RecoverError.NoError'],
  ['no signature is not nobody’s', 'fault == ECDSA.RecoverError.NoError && recovered == signer', 'recovered == signer'],
  ['a contract may sign', '\n            || SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, signature)', ''],
  ['an account with code signs with its key', 'return byKey(signer, digest, signature)\n            || SignatureChecker', 'return signer.code.length == 0 ? byKey(signer, digest, signature) : SignatureChecker'],
];
