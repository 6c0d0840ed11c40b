/**
 * The peer of the REST benchmark: node:http, one prepared statement per question, JSON.stringify of its rows. No
 * validation, no accounts, no errors. Started with the database and how many rows it has; tells its port.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openBareDatabase } from './bare.ts';

const [file = '', rows = ''] = process.argv.slice(2);
const { answer } = openBareDatabase(file, Number(rows));

const server = createServer((request, response) => {
  const url = request.url ?? '';
  const at = url.indexOf('?');
  const body = JSON.stringify(answer(url.slice(1, at), JSON.parse(decodeURIComponent(url.slice(at + 1)))));
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('disconnect', () => process.exit());
