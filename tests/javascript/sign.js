// Reads messages from standard input and writes the library's signature of each, or Node's own where it makes none.
const { createPrivateKey, sign: signed } = require("node:crypto");
const { Webhook } = require("standardwebhooks");
const messages = JSON.parse(require("node:fs").readFileSync(0, "utf8"));

function sign({ secret, id, timestamp, body }) {
  if (!secret.startsWith("whsk_")) {
    return new Webhook(secret).sign(id, new Date(timestamp * 1000), body);
  }
  const both = Buffer.from(secret.slice("whsk_".length), "base64");
  const [d, x] = [both.subarray(0, 32), both.subarray(32)].map((half) => half.toString("base64url"));
  const key = createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", d, x }, format: "jwk" });
  return "v1a," + signed(null, Buffer.from(`${id}.${timestamp}.${body}`), key).toString("base64");
}

console.log(JSON.stringify(messages.map(sign)));
