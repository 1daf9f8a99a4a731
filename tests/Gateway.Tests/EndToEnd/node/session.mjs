// What the SDK scripts share. Called with the names of the calls to make, after BASE_URL and API_KEY
// in the environment. Prints one JSON object a line:
//   {"chunk":…}                     as each piece of a stream arrives
//   {"call":…,"result":…}           a call that succeeded
//   {"call":…,"error":{…}}          a call that the SDK reported as failed
export const baseUrl = process.env.BASE_URL;
export const apiKey = process.env.API_KEY;

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

export async function run(calls) {
  for (const call of process.argv.slice(2)) {
    try {
      print({ call, result: (await calls[call]((chunk) => print({ chunk }))) ?? null });
    } catch (error) {
      const headers = error.headers ?? error.response?.headers ?? {};
      print({
        call,
        error: {
          type: error.constructor.name,
          status: error.status ?? null,
          message: error.message,
          gatewayCall: (headers.get ? headers.get('gateway-call') : headers['gateway-call']) ?? null,
          body: describe(error.error ?? error.response?.data),
        },
      });
    }
  }
}

// Octokit hands out a body whose type it does not know as an ArrayBuffer.
function describe(body) {
  return body instanceof ArrayBuffer ? new TextDecoder().decode(body) : (body ?? null);
}
