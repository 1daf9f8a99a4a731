// The Anthropic SDK with nothing but a base URL and an API key. See session.mjs for what is printed.
import Anthropic from '@anthropic-ai/sdk';
import { baseUrl, apiKey, run } from './session.mjs';

const client = new Anthropic({ baseURL: baseUrl, apiKey });
const messages = [{ role: 'user', content: 'Grüße, 世界 — "quoted" & <tagged>' }];

await run({
  async create() {
    const answer = await client.messages.create({ model: 'claude-x', max_tokens: 64, messages });
    return answer.content[0].text;
  },
  async stream(chunk) {
    const stream = await client.messages.create({ model: 'claude-x', max_tokens: 64, messages, stream: true });
    for await (const event of stream) {
      if (event.type === 'content_block_delta') {
        chunk(event.delta.text);
      }
    }
  },
  async denied() {
    await client.models.list();
  },
});
