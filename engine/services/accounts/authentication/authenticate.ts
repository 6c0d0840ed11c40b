import type { ReceivedRequest } from '#contract/http/received-request';
import { hostOf, isOfAnotherSite } from '#contract/http/request-origin';
import type { AccountType, Caller } from '#domain/access';
import { lunaError } from '#kernel/errors';
import type { Storage } from '#storage/storage';
import type { AccountSettings } from '../accounts.settings.ts';
import { toRights } from '../permissions.ts';
import type { PermissionsOut } from '../token.schema.ts';
import type { Tokens } from '../tokens.service.ts';
import type { BasicLogin } from './basic-login.ts';
import { parseAccountId, parseAuthorization } from './credentials.ts';

/**
 * Null when the request names nobody. Throws `AuthorizationMalformed`, `AccountIdNotUuid`, `AuthorizationFailed`,
 * `LoginSlowed`, `AccountHeaderDisabled`, `PageOfAnotherSite`, `TokenCorrupted`, `ServiceBusy`.
 */
export type Authenticate = (request: ReceivedRequest) => Promise<Caller | null>;

const isUpgrade = (request: ReceivedRequest): boolean => request.header('upgrade')?.toLowerCase() === 'websocket';

/**
 * Browsers send a remembered password, and open WebSockets, for whatever page asks. Reading is left alone: the answer is
 * not shown to another site.
 */
function refuseOtherSites(request: ReceivedRequest): void {
  const isHarmless = (request.method === 'GET' || request.method === 'HEAD') && !isUpgrade(request);
  if (!isHarmless && isOfAnotherSite(request)) throw lunaError('PageOfAnotherSite');
}

/** A browser cannot set headers of a WebSocket (LP5 Sender): there, and only there, the query may name the account. */
function accountIdOf(request: ReceivedRequest): string | undefined {
  const header = request.header('luna-account-id');
  if (header !== undefined) return parseAccountId(header);
  if (!isUpgrade(request)) return undefined;
  const query = request.query('luna-account-id');
  return query === undefined ? undefined : parseAccountId(query);
}

export function createAuthenticate(deps: {
  storage: Pick<Storage, 'accounts'>;
  settings: () => AccountSettings;
  basicLogin: BasicLogin;
  tokens: Tokens;
  trusts: (request: ReceivedRequest) => boolean;
}): Authenticate {
  const { settings, basicLogin, tokens, trusts } = deps;
  const { accounts } = deps.storage;

  const byAccountId = (request: ReceivedRequest, accountId: string): Caller => {
    const isOpen = settings().allowAccountHeader === 'everyone' && !accounts.isEmpty();
    if (!isOpen && !trusts(request)) throw lunaError('AccountHeaderDisabled');
    const accountType: AccountType = accounts.findById(accountId)?.account_type ?? 'user';
    return { accountId, accountType, via: 'account_id', permissions: null, seesAllAccounts: accountType !== 'user' };
  };
  const byPassword = async (
    request: ReceivedRequest,
    login: string,
    password: string,
    selected: string | undefined,
  ): Promise<Caller> => {
    const row = await basicLogin(login, password, { host: hostOf(request.remoteAddress), isTrusted: trusts(request) });
    const own = { accountType: row.account_type, via: 'basic', permissions: null } as const;
    // Of a plain user the proof alone counts: it has no other account to select.
    if (row.account_type === 'user' || selected === undefined) {
      return { ...own, accountId: row.account_id, seesAllAccounts: row.account_type !== 'user' };
    }
    const acting = selected === row.account_id ? {} : { actingAccountId: row.account_id };
    return { ...own, accountId: selected, ...acting, seesAllAccounts: false };
  };
  const byToken = async (token: string): Promise<Caller> => {
    const row = await tokens.open(token);
    const account = accounts.findById(row.account_id);
    if (!account) throw lunaError('AuthorizationFailed', { reason: 'the account is gone' });
    const seesAllAccounts = row.visibility_area === 'all';
    if (seesAllAccounts && account.account_type === 'user') {
      throw lunaError('TokenCorrupted', { reason: "visibility_area 'all' on an account of type 'user'" });
    }
    return {
      accountId: account.account_id,
      accountType: account.account_type,
      via: 'token',
      tokenId: row.token_id,
      permissions: toRights(JSON.parse(row.permissions) as PermissionsOut),
      seesAllAccounts,
    };
  };

  return async (request) => {
    const authorization = request.header('authorization');
    const accountId = accountIdOf(request);
    const credentials = authorization === undefined ? undefined : parseAuthorization(authorization);
    if (credentials?.kind === 'bearer') return byToken(credentials.token);
    if (credentials || accountId !== undefined) refuseOtherSites(request);
    if (credentials) return byPassword(request, credentials.login, credentials.password, accountId);
    return accountId === undefined ? null : byAccountId(request, accountId);
  };
}
