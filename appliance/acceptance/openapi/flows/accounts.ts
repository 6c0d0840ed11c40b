/** Accounts, logins, tokens and what they open. */
import type { JudgedRequests } from '../judged-requests.ts';

type Send = JudgedRequests['send'];
const basic = (login: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`,
});

export async function accountsAndTokens(send: Send): Promise<void> {
  const login = 'operator@site.com';
  const password = 'correct horse';
  const byLogin = basic(login, password);
  await send('POST', '/6/accounts', {
    json: { login, password, account_type: 'advanced_user', description: 'gate' },
    headers: { 'Luna-Account-Id': '6d071cca-fda5-4a03-84d5-5bea65904481' },
    expect: 201,
  });
  await send('GET', '/6/account', { headers: byLogin, expect: 200 });
  await send('GET', '/6/account', { headers: basic(login, 'wrong'), expect: 401 });
  await send('GET', '/6/accounts', { headers: byLogin, expect: 200 });
  await send('PATCH', '/6/account', { headers: byLogin, json: { description: 'gates' }, expect: 204 });
  await send('POST', '/6/login', { headers: byLogin, expect: 201 });
  const json = { description: 'camera', permissions: { face: ['view'], emit_events: { allowed: 1 } } };
  const made = await send('POST', '/6/tokens', { headers: byLogin, json, expect: 201 });
  const path = `/6/tokens/${made.body.token_id}`;
  await send('GET', '/6/tokens', { headers: byLogin, expect: 200 });
  await send('GET', path, { headers: byLogin, expect: 200 });
  const byToken = { Authorization: `Bearer ${made.body.token}` };
  await send('GET', '/6/faces', { headers: byToken, expect: 200 });
  await send('POST', '/6/lists', { headers: byToken, json: {}, expect: 403 });
  await send('PUT', path, { headers: byLogin, json: { ...json, description: 'camera 2' }, expect: 204 });
  await send('DELETE', path, { headers: byLogin, expect: 204 });
  await send('GET', '/6/faces', { headers: byToken });
  await send('DELETE', '/6/account', { headers: byLogin, expect: 204 });
}
