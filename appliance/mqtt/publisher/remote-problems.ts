import { LinkLost } from './link.ts';

/** What to look at, by CONNACK code of MQTT 3.1.1 (1-5) and MQTT 5 (128 and above). */
const refusals: Readonly<Record<number, string>> = {
  1: 'the broker does not speak this MQTT version: set PERIGEE_MQTT_VERSION',
  2: 'the broker does not accept the client id',
  3: 'the broker is not available at the moment',
  4: 'the broker refuses the user name or the password',
  5: 'the broker refuses the connection: user name, password or rights are wrong or missing',
  132: 'the broker does not speak this MQTT version: set PERIGEE_MQTT_VERSION',
  133: 'the broker does not accept the client id',
  134: 'the broker refuses the user name or the password',
  135: 'the broker refuses the connection: user name, password or rights are wrong or missing',
  136: 'the broker is not available at the moment',
  137: 'the broker is busy',
  138: 'the broker has banned this client',
};

const networkProblems: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be resolved at the moment',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no answer',
  ECONNRESET: 'the connection was reset',
  EPROTO: 'this is not the TLS that was expected: check mqtt:// and mqtts://',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed and not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is not trusted',
  CERT_HAS_EXPIRED: 'the certificate has expired',
};

function codeOf(error: unknown): string | number | undefined {
  const { code, errors } = error as { code?: unknown; errors?: unknown[] };
  if (typeof code === 'string' || typeof code === 'number') return code;
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : undefined;
}

/** Why no connection came about. `url` is without user name and password. */
export function connectProblem(error: Error, url: string): string {
  const code = codeOf(error);
  const known = typeof code === 'number' ? refusals[code] : networkProblems[code ?? ''];
  return `${url}: ${known ?? (error.message || 'cannot connect')}`;
}

/** Why a connection that stood has ended. */
export function lossReason(error: Error | undefined, disconnectCode: number | undefined): LinkLost {
  if (disconnectCode !== undefined && disconnectCode >= 0x80) {
    return new LinkLost(`the broker ended the connection (code ${disconnectCode})`, true);
  }
  const code = error && codeOf(error);
  if (error === undefined || code === 'ECONNRESET' || code === 'EPIPE') {
    return new LinkLost('the broker ended the connection', true);
  }
  return new LinkLost(networkProblems[String(code)] ?? error.message);
}
