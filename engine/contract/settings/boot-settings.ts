/**
 * What must be known before the database opens. Each key is an environment variable `PERIGEE_<KEY>` and a key of
 * `perigee.yaml` in the data directory; the environment wins. Everything else is a live setting of the Configurator.
 */
import * as z from 'zod';
import { deviceNames } from '#domain/devices';
import { logLevels } from '#kernel/log';
import { StartError } from '#kernel/start-error';
import { type OwnPortService, ownPortServices } from './own-ports.ts';

/** As a number, or as text in the environment. What is empty is no 0, and yes is no 1. */
const wholeNumber = (min: number, max: number) =>
  z
    .union([z.int(), z.string().regex(/^\d+$/).transform(Number)], { error: 'must be a whole number' })
    .pipe(z.int().min(min).max(max));
const port = wholeNumber(0, 65535);
const flag = z
  .union([z.boolean(), z.literal(['0', '1', 'true', 'false'])])
  .transform((v) => v === true || v === '1' || v === 'true');

/** An object in the environment is JSON. What is no JSON is left for the schema to refuse. */
function fromJson(value: unknown): unknown {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** As it stands in a url once that is parsed: lower case, names in ASCII, IPv4 in dots, IPv6 without brackets. */
const hostName = z.string().transform((text, context) => {
  const host = text.trim();
  const url = URL.parse(`http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}/`);
  if (url !== null && !/[/?#@\\\s]|\]./.test(host)) return url.hostname.replace(/^\[|\]$/g, '');
  context.addIssue({
    code: 'custom',
    message: `'${host.slice(0, 100)}' is no host name or address (no scheme, port or path)`,
  });
  return z.NEVER;
});

const members = z.preprocess(fromJson, z.record(z.string(), z.unknown())).default({});
const ownPortNames = Object.keys(ownPortServices) as OwnPortService[];

const BootMembers = z.strictObject({
  data_dir: z.string().min(1).default('./data').describe('Folder of everything that is kept. Made when missing.'),
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address that REST and the embedded broker listen on. `0.0.0.0` is every IPv4 address of the box.'),
  port: port.default(5000).describe('REST port; 0 is one that the system chooses.'),
  mqtt_port: port
    .default(1883)
    .describe('Port of the embedded MQTT broker (MQTT 3.1.1); 0 is one that the system chooses.'),
  mqtt_user: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe(
      'User name that clients of the embedded broker must give. Without one, whoever reaches its port may listen.',
    ),
  mqtt_password: z
    .string('must be text (in quotes)')
    .min(1)
    .max(256)
    .optional()
    .describe('The password that goes with it. Better in `perigee.yaml`, which only this user can read.'),
  mqtt_url: z
    .url({ protocol: /^(mqtts?|wss?)$/, error: 'must be an mqtt://, mqtts://, ws:// or wss:// url' })
    .optional()
    .describe('External broker; the embedded one is then not started. User and password may stand in the url.'),
  mqtt_version: z
    .literal(['3.1.1', '5', 5])
    .transform((v) => (v === '3.1.1' ? ('3.1.1' as const) : ('5' as const)))
    .default('3.1.1')
    .describe('MQTT version spoken to an external broker: 3.1.1 or 5.'),
  log_level: z
    .enum(logLevels)
    .default('info')
    .describe(`One of ${logLevels.join(', ')}.`),
  device: z
    .enum(['auto', ...deviceNames])
    .default('auto')
    .describe(
      `Inference device: \`auto\` takes the fastest that works, or one of ${deviceNames.join(', ')}. ` +
        'A device named here that does not work is an error at start.',
    ),
  workers: wholeNumber(0, 64).default(0).describe('Inference workers and matching workers; 0 is one per core.'),
  small_faces: flag
    .default(false)
    .describe('Search 2x2 overlapping tiles too: finds smaller faces, takes about 4x longer to detect.'),
  allow_private_urls: flag
    .default(false)
    .describe('Lets pictures given by url come from loopback and private addresses (cameras of the LAN).'),
  allowed_url_hosts: z
    .preprocess(
      (value) => (typeof value === 'string' ? value.split(',').filter((part) => part.trim() !== '') : value),
      z.array(hostName).max(256),
    )
    .default([])
    .describe(
      'Host names and addresses, separated by commas, that pictures may come from by url although they are private ' +
        '(single cameras of the LAN). Every port of them.',
    ),
  allow_luna_account_auth_header: z
    .union([z.literal('loopback'), flag.transform((v) => (v ? ('everyone' as const) : ('nobody' as const)))])
    .default('loopback')
    .describe(
      'Who may name an account by the header Luna-Account-Id alone: `loopback` (programs on the appliance itself), ' +
        '`1` (everyone, as LP5 does; other hosts only once an account exists), `0` (nobody; then programs on the ' +
        'appliance also need a password to administer it and to create further accounts).',
    ),
  open_sign_up: flag
    .default(false)
    .describe(
      'Lets other hosts create accounts by POST /6/accounts without an administrator, as LP5 does; slowed per host.',
    ),
  compat_ports: z
    .preprocess(
      fromJson,
      z.union([flag, z.partialRecord(z.enum(ownPortNames), port)], {
        error: `must be 0, 1, or ports by service, of ${ownPortNames.join(', ')}`,
      }),
    )
    .default(false)
    .describe(
      "`1`: LP5's services answer on ports of their own too, with their own paths: " +
        `${ownPortNames.map((name) => `${name} on ${ownPortServices[name].port}`).join(', ')}. ` +
        'Or only some, on ports of your choice: `{"luna-python-matcher": 6100}`.',
    ),
  matcher: members.describe(
    'Python Matcher: the members below, as YAML in the file (`matcher: {reference_limit: 10}`) or JSON in the environment.',
  ),
  matcher_proxy: members.describe(
    'Python Matcher Proxy: the members below, as YAML in the file or JSON in the environment. Off by default.',
  ),
  pack_keys: z
    .string()
    .regex(/^([A-Za-z0-9+/]{43}=([\s,]+|$))*$/, 'must be public keys in base64, 44 characters each')
    .default('')
    .describe('Ed25519 public keys (32 bytes in base64, separated by commas) whose model packs are taken.'),
  allow_unsigned_packs: flag
    .default(false)
    .describe('Takes model packs without a signature too. Their files are checked all the same.'),
  external_address: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address under which clients reach the REST port, for `external_url`. Default: made of host and port.'),
});
export const BootSettings = BootMembers.superRefine((settings, context) => {
  const { mqtt_user, mqtt_password, mqtt_url } = settings;
  const refuse = (key: keyof typeof settings, message: string) =>
    context.addIssue({ code: 'custom', path: [key], message });
  if (mqtt_user !== undefined && mqtt_url !== undefined) {
    refuse('mqtt_user', 'is for the embedded broker; user and password of an external one stand in PERIGEE_MQTT_URL');
  }
  if (mqtt_user !== undefined && mqtt_password === undefined)
    refuse('mqtt_password', 'is missing beside PERIGEE_MQTT_USER');
  if (mqtt_user === undefined && mqtt_password !== undefined)
    refuse('mqtt_user', 'is missing beside PERIGEE_MQTT_PASSWORD');
});
export type BootSettings = z.output<typeof BootSettings>;

export const bootKeys = Object.keys(BootSettings.shape) as (keyof BootSettings)[];

/** The members of a setting, checked by the service that it is for. Throws a `StartError` that names the wrong member. */
export function parseMembers<Schema extends z.ZodType>(
  key: 'matcher' | 'matcher_proxy',
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => {
    const where = path.length === 0 ? '' : ` ${path.join('.')}:`;
    return `Setting 'PERIGEE_${key.toUpperCase()}':${where} ${message}.`;
  });
  throw new StartError(lines.join('\n'));
}
