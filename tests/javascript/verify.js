// Reads deliveries from standard input and writes what the library says of each.
const { Webhook } = require("standardwebhooks");
const deliveries = JSON.parse(require("node:fs").readFileSync(0, "utf8"));

function verify({ secret, headers, body }) {
  try {
    return new Webhook(secret).verify(Buffer.from(body, "base64"), headers);
  } catch (refusal) {
    return { refused: refusal.message };
  }
}

console.log(JSON.stringify(deliveries.map(verify)));
