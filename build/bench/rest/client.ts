import { Client } from 'undici';
import { account } from './site.ts';

/** One connection that is kept, one request at a time. */
export interface HttpClient {
  /** Throws on any status but 200 and 201. `ms`: from the request to the last byte of the answer. */
  send(path: string, body?: unknown): Promise<{ ms: number; bytes: Uint8Array }>;
  close(): Promise<void>;
}

export function createClient(origin: string): HttpClient {
  const client = new Client(origin);
  const headers = { 'Luna-Account-Id': account };
  return {
    async send(path, body) {
      const startedAt = performance.now();
      const answer = await client.request({
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const bytes = await answer.body.bytes();
      const ms = performance.now() - startedAt;
      if (answer.statusCode > 201) throw new Error(`${path}: ${answer.statusCode} ${Buffer.from(bytes)}`);
      return { ms, bytes };
    },
    close: () => client.close(),
  };
}
