// The OpenAI SDK with nothing but a base URL and an API key. See session.mjs for what is printed.
import OpenAI from 'openai';
import { baseUrl, apiKey, run } from './session.mjs';

const client = new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey });
const messages = [{ role: 'user', content: 'Grüße, 世界 — "quoted" & <tagged>' }];

await run({
  async create() {
    const answer = await client.chat.completions.create({ model: 'gpt-5', messages });
    return answer.choices[0].message.content;
  },
  async stream(chunk) {
    const stream = await client.chat.completions.create({ model: 'gpt-5', messages, stream: true });
    for await (const part of stream) {
      chunk(part.choices[0].delta.content);
    }
  },
  async denied() {
    await client.models.delete('gpt-5');
  },
});
