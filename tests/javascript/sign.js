// Reads messages from standard input and writes the library's signature of each.
const { Webhook } = require("standardwebhooks");
const messages = JSON.parse(require("node:fs").readFileSync(0, "utf8"));

function sign({ secret, id, timestamp, body }) {
  return new Webhook(secret).sign(id, new Date(timestamp * 1000), body);
}

console.log(JSON.stringify(messages.map(sign)));
