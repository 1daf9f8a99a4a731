// Octokit with nothing but a base URL and a token. See session.mjs for what is printed.
import { Octokit } from '@octokit/rest';
import { baseUrl, apiKey, run } from './session.mjs';

const octokit = new Octokit({ baseUrl, auth: apiKey });

await run({
  async create() {
    const { data } = await octokit.rest.issues.create({ owner: 'octo', repo: 'hello world', title: 'Grüße, 世界', labels: ['bug'] });
    return data.number;
  },
  async read() {
    const { data } = await octokit.rest.repos.getContent({ owner: 'octo', repo: 'hello', path: 'ä b.md', ref: 'feature/x' });
    return data.name;
  },
  async denied() {
    await octokit.rest.repos.delete({ owner: 'octo', repo: 'hello' });
  },
});
