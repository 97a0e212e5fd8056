// Reads deliveries from standard input and writes what the library says of each, or Node itself where it has no say.
const { createPublicKey, verify: isGenuine } = require("node:crypto");
const { Webhook } = require("standardwebhooks");
const deliveries = JSON.parse(require("node:fs").readFileSync(0, "utf8"));

// The library knows no v1a: this is Node's ed25519 over the bytes that the specification says are signed.
function read(key, body, headers) {
  const x = Buffer.from(key.slice("whpk_".length), "base64").toString("base64url");
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const content = Buffer.concat([Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`), body]);
  for (const item of headers["webhook-signature"].split(" ")) {
    const [version, signature] = item.split(",");
    if (version === "v1a" && isGenuine(null, content, publicKey, Buffer.from(signature, "base64"))) {
      return JSON.parse(body.toString("utf8"));
    }
  }
  throw new Error("No matching signature found");
}

function verify({ secret, headers, body }) {
  const raw = Buffer.from(body, "base64");
  try {
    return secret.startsWith("whpk_") ? read(secret, raw, headers) : new Webhook(secret).verify(raw, headers);
  } catch (refusal) {
    return { refused: refusal.message };
  }
}

console.log(JSON.stringify(deliveries.map(verify)));
