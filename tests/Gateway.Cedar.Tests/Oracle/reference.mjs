// The reference Cedar engine as a process: one JSON question a line, one JSON answer a line.
// GATEWAY_NODE_MODULES names the folder that holds node_modules with @cedar-policy/cedar-wasm.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const require = createRequire(join(process.env.GATEWAY_NODE_MODULES, 'reference.cjs'));
const path = require.resolve('@cedar-policy/cedar-wasm/nodejs');
let engine = require(path);

// The engine's glue calls JSON.stringify on its argument. A JavaScript number would lose 64-bit integers,
// so the text of the question goes through as it came.
class Verbatim { constructor(text) { this.text = text; } }
const stringify = JSON.stringify;
JSON.stringify = (value, ...rest) => (value instanceof Verbatim ? value.text : stringify(value, ...rest));

const ask = {
  authorize: text => engine.isAuthorized(new Verbatim(text)),
  validate: text => engine.validate(new Verbatim(text)),
  parse: text => ({ type: engine.policySetTextToParts(JSON.parse(text)).type }),
  schema: text => ({ type: engine.checkParseSchema(new Verbatim(text)).type }),
  toJson: text => engine.policyToJson(JSON.parse(text)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const space = line.indexOf(' ');
  let answer;
  try {
    answer = ask[line.slice(0, space)](line.slice(space + 1));
  } catch (error) {
    // A trapped WebAssembly instance is not to be trusted again.
    answer = { type: 'crash', message: String(error) };
    delete require.cache[path];
    engine = require(path);
  }
  process.stdout.write(stringify(answer) + '\n');
}
