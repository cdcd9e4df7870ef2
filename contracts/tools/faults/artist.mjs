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
  ['a licence is bought once', 'require(!hasLicence(licensee, songId), AlreadyLicensed(songId, licensee));', ''],
  ['the price is at most what was said', 'require(price <= maxPrice, PriceAboveMaximum(songId, price, maxPrice));', ''],
  ['nobody takes more than its share', 'require(amount <= most, NotEnough(payee, amount, most));', ''],
  ['shares sum to the whole', 'require(payees_.length == 0 || sum == WHOLE, SharesDoNotSum(sum, WHOLE));', ''],
  ['splits wait for their delay', 'uint40(block.timestamp) + splitDelay', 'uint40(block.timestamp)'],
  ['what was taken counts', '_released += amount - booked;', ''],
];
