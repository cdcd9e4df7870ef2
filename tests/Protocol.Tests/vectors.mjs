// Makes vectors.json: the protocol's digests, computed a second time without any of Ovation's code.
// Run after `npm ci` in contracts/:  node tests/Protocol.Tests/vectors.mjs > tests/Protocol.Tests/vectors.json
// (P-256 signatures are random, so `signatures` differs from run to run; everything else must not.)
import { createHash, createHmac, generateKeyPairSync, sign } from "node:crypto";
import { createRequire } from "node:module";

const { keccak256: keccakHex } = createRequire(new URL("../../contracts/package.json", import.meta.url))("js-sha3");
const hex = (s) => Buffer.from(s.replace(/^0x/, ""), "hex");
const x = (b) => "0x" + b.toString("hex");
const cat = Buffer.concat;
const sha = (...parts) => createHash("sha256").update(cat(parts)).digest();
const keccak = (...parts) => hex(keccakHex(cat(parts)));
const num = (n, bytes = 32) => hex(BigInt(n).toString(16).padStart(bytes * 2, "0"));
const word = (b) => (typeof b === "string" ? hex(b.slice(2).padStart(64, "0")) : typeof b === "object" ? b : num(b));
const text = (s) => Buffer.from(s, "utf8");
const pad = (b) => cat([b, Buffer.alloc((32 - (b.length % 32)) % 32)]);
const labelled = (label, ...words) => cat([num(32 * (words.length + 1)), ...words.map(word), num(label.length), pad(text(label))]);

const chainId = 31337, feeBps = 250;
const tabs = "0x5fbdb2315678afecb367f032d93f642f64180aa3", token = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512";
const registry = "0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0", artist = "0xcf7ed3acca5a467e9e704c703e8d87f634fb0fc9";
const listener = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8", cashier = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const salt = sha(text("salt"));

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwk = publicKey.export({ format: "jwk" });
// the key of RFC 6979 A.2.5, so that the tab's id does not change
const qx = hex("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
const qy = hex("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");

const tabId = keccak(word(listener), qx, qy, word(cashier), num(feeBps), salt);
const domain = keccak(labelled("Ovation Tabs 1", chainId, tabs));
const tag = (kind) => sha(labelled(kind, chainId, tabs));
const accountId = "01935f4e-5d3a-7c1e-8a3b-0123456789ab";

const entries = [[7, 1_000_000], [300, 4_294_967_296], [4_294_967_295, 123_456_789]];
const fee = Math.floor((feeBps * entries.reduce((s, e) => s + e[1], 0)) / 10_000);
const list = cat([[0, fee], ...entries].map(([id, units]) => cat([num(id, 4), num(units, 6)])));
const manifestHash = sha(text("manifest")), rendition = sha(text("rendition"));
const ranges = [[0, 1], [5, 9]], price = 4_000, chunks = 46;
const part = (b) => Math.floor((price * b) / chunks);
let playsRoot = tabId;
for (const [a, b] of ranges) playsRoot = sha(playsRoot, manifestHash, rendition, num(a, 4), num(b, 4), num(part(b) - part(a), 8));

const node = (l, r) => sha(Buffer.of(1), l, r);
function root(leaves) {
  if (leaves.length === 1) return leaves[0];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return node(root(leaves.slice(0, k)), root(leaves.slice(k)));
}
const trees = [1, 65_535, 65_536, 65_537, 131_072, 200_000, 458_753].map((bytes) => {
  const file = Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 8)) & 255));
  const leaves = [];
  for (let i = 0; i < bytes; i += 65_536) leaves.push(sha(Buffer.of(0), file.subarray(i, i + 65_536)));
  return { bytes, chunks: leaves.length, leavesSha256: x(sha(...leaves)), root: x(root(leaves)) };
});

// EIP-712 by hand
const separator = (name, version, contract) =>
  keccak(keccak(text("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")),
    keccak(text(name)), keccak(text(version)), num(chainId), word(contract));
const digest = (sep, type, ...words) => x(keccak(hex("1901"), sep, keccak(keccak(text(type)), ...words.map(word))));
const signed = "uint256 nonce,uint256 deadline,uint256 ownerEpoch";
const songType = "Song(bytes32 sha256,bytes32 manifestHash,uint64 pricePerPlay,uint64 licencePrice)";
const payeeType = "Payee(address account,uint16 bps)";
const handle = "frederic_ch";
const deadline = 1_800_000_000, validBefore = 1_700_003_600, ownerEpoch = 3, nonce = (5n << 64n) + 9n, nonce0 = 4n;
const end = [nonce, deadline, ownerEpoch], end0 = [nonce0, deadline, ownerEpoch];
const songs = [[sha(text("one")), sha(text("m1")), 4_000, 990_000], [sha(text("two")), sha(text("m2")), 0, 0]];
const songsHash = keccak(...songs.map((s) => keccak(keccak(text(songType)), ...s.map(word))));
const payeesHash = keccak(...[[listener, 7_500], [cashier, 2_500]].map((p) => keccak(keccak(text(payeeType)), ...p.map(word))));
const own = separator("Ovation Artist", "1", artist), dollar = separator("Dev Dollar", "1", token);
const receiveType = "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";
const receive = (to, value, n) => digest(dollar, receiveType, listener, to, value, 0, validBefore, n);
const openingNonce = keccak(labelled("open", domain, tabId)), topUpNonce = keccak(labelled("top-up", domain, tabId, salt));
const purchaseNonce = keccak(own, num(2), word(listener), num(990_000));
const eip712 = {
  register: digest(separator("Ovation Artist Registry", "1", registry),
    "Register(address owner,bytes32 handle,address registrar,uint256 deadline)", listener, pad(text(handle)), cashier, deadline),
  publish: digest(own, `Publish(Song[] songs,${signed})${songType}`, songsHash, ...end),
  setPrice: digest(own, `SetPrice(uint256 songId,uint64 pricePerPlay,uint64 licencePrice,${signed})`, 2, 5_000, 1_000_000, ...end0),
  retire: digest(own, `Retire(uint256 songId,${signed})`, 2, ...end),
  revise: digest(own, `Revise(uint256 songId,bytes32 manifestHash,${signed})`, 2, manifestHash, ...end),
  giveLicence: digest(own, `GiveLicence(uint256 songId,address to,${signed})`, 2, listener, ...end),
  setSplits: digest(own, `SetSplits(Payee[] payees,${signed})${payeeType}`, payeesHash, ...end0),
  transferOwnership: digest(own, `TransferOwnership(address to,${signed})`, listener, ...end0),
  acceptOwnership: digest(own, `AcceptOwnership(${signed})`, ...end0),
  cancel: digest(own, `Cancel(uint192 key,${signed})`, 6, ...end),
  withdraw: digest(own, `Withdraw(address payee,address to,uint256 amount,${signed})`, listener, cashier, 123_456, ...end),
  announceClose: digest(separator("Ovation Tabs", "1", tabs), "AnnounceClose(bytes32 tabId,uint256 deadline)", tabId, deadline),
  opening: receive(tabs, 5_000_000, openingNonce),
  topUp: receive(tabs, 2_000_000, topUpNonce),
  purchase: receive(artist, 990_000, purchaseNonce),
};

// Node's own JSON is ECMAScript's, so numbers and strings are RFC 8785's; names need sorting.
const canonical = (v) => Array.isArray(v) ? `[${v.map(canonical)}]`
  : v !== null && typeof v === "object" ? `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`)}}`
    : JSON.stringify(v);
const doubles = Array.from({ length: 200 }, (_, i) => {
  const bits = sha(text(`double ${i}`)).subarray(0, 8);
  if (i % 2) bits.writeUInt16BE(0x3e00 + (bits.readUInt16BE(0) & 0x07ff), 0); // half of them near 1, where loudness lives
  return [bits.toString("hex"), bits.readDoubleBE(0)];
}).filter(([, d]) => Number.isFinite(d)).map(([bits, d]) => [bits, String(d)]);
const renditions = [["flac", 3_000_001, "fLaC", 0], ["opus", 480_000, "opus", 312]].map(([name, bytes, codec, preskip]) => {
  const id = x(sha(text(name)));
  return { id, root: id, name, codec, mime: "audio/mp4", bytes, chunk: 65_536, chunks: Math.ceil(bytes / 65_536), initChunks: 1, samples: 1_440_000, rate: 48_000, preskip };
});
const manifest = canonical({
  version: 1, sha256: x(sha(text("master"))), bytes: 5_292_044, pcmSha256: x(sha(text("pcm"))), title: "Señor Größe “音” \u{1F600}\\",
  durationMs: 30_000, loudness: { integrated: -14.3, truePeak: -1.05 }, encoder: { libopus: "1.3.1", ffmpeg: "5.1.6" }, renditions,
});

const secret = sha(text("play token"));
const body = cat([Buffer.of(1), num(7, 4), hex("01935f4e5d3a7c1e8a3b000000000001"), hex("01935f4e5d3a7c1e8a3b000000000002"),
  rendition, num(1_800_000_000_000, 8), Buffer.of(1), tabId, num(0, 4), num(1, 4), num(5, 4), num(9, 4)]);
const playToken = cat([body, createHmac("sha256", secret).update(body).digest()]).toString("base64url");

const n = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
const signatures = Array.from({ length: 8 }, (_, i) => {
  const message = text(`message ${i}`);
  const sig = sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" });
  return { digest: x(sha(message)), signature: x(sig), low: BigInt(x(sig.subarray(32))) <= n / 2n };
});

console.log(JSON.stringify({
  chainId, tabs, token, registry, artist,
  tab: { listener, qx: x(qx), qy: x(qy), cashier, feeBps, salt: x(salt), tabId: x(tabId), domain: x(domain), openingNonce: x(openingNonce), topUpNonce: x(topUpNonce), purchaseNonce: x(purchaseNonce) },
  statement: { entries: [[0, fee], ...entries], list: x(list), listHash: x(sha(list)), playsRoot: x(playsRoot), digest: x(sha(tag("Ovation statement 1"), tabId, sha(list), playsRoot)) },
  plays: { manifestHash: x(manifestHash), rendition: x(rendition), ranges, price, chunks, units: ranges.map(([a, b]) => part(b) - part(a)) },
  authorisation: { artistId: 7, limit: 500_000, version: 1_700_000_000_123, digest: x(sha(tag("Ovation authorise 1"), tabId, num(7, 4), num(500_000, 8), num(1_700_000_000_123, 8))) },
  close: { digest: x(sha(tag("Ovation close 1"), tabId)) },
  account: { accountId, digest: x(sha(tag("Ovation account 1"), tabId, hex(accountId.replaceAll("-", "")))) },
  eip712Inputs: { handle, registrar: cashier, deadline, validBefore, ownerEpoch, nonce: x(num(nonce)), nonce0: x(num(nonce0)) },
  eip712, trees, doubles,
  manifest: { text: manifest, hash: x(sha(text(manifest))) },
  playToken: { keyId: 7, secret: x(secret), token: playToken },
  signatures: { qx: x(Buffer.from(jwk.x, "base64url")), qy: x(Buffer.from(jwk.y, "base64url")), signed: signatures },
}, null, 1));
