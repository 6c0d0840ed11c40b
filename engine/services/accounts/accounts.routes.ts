import type * as z from 'zod';
import { accountPaths } from '#contract/established/wire-names';
import { location } from '#contract/http/answer-headers';
import { identify, isTrusted } from '#contract/http/authorize';
import { identityErrors } from '#contract/http/declared-errors';
import { callerOf, createRouter, defineRoute, type LunaContext, type LunaRouter } from '#contract/http/http';
import { receivedRequest } from '#contract/http/received-request';
import { hostOf, isLocalRequest } from '#contract/http/request-origin';
import { pickTargets, requireTargets } from '#contract/matching/targets';
import { toTime } from '#contract/schemas';
import type { Caller } from '#domain/access';
import { isLunaError, lunaError } from '#kernel/errors';
import {
  AccountCreate,
  AccountCreated,
  AccountPatch,
  AccountQuery,
  Account as AccountSchema,
  Accounts as AccountsAnswer,
  AccountsQuery,
  accountMembers,
} from './account.schema.ts';
import type { Account, Accounts } from './accounts.service.ts';
import { parseAccountId } from './authentication/credentials.ts';
import type { HashQueue } from './authentication/passwords.ts';
import { requireOwnAccount, requirePassword } from './own-account.ts';
import { LoggedIn } from './token.schema.ts';

const tags = ['Accounts'];
const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });

const createRoute = defineRoute('open', {
  method: 'post',
  path: accountPaths.accounts,
  tags,
  summary: 'Create an account',
  description:
    'Without an administrator only from the appliance itself, unless the setting for open sign-up is on. The first ' +
    'account can be made from the appliance only; with the setting that takes bare account ids from nobody, the later ' +
    'ones need an administrator there, too. The header Luna-Account-Id chooses the id: data made earlier under ' +
    'that id become those of the account.',
  request: { body: { content: json(AccountCreate), required: true } },
  errors: [...identityErrors, 'AccountExists', 'AccountCreationClosed', 'TokenNotAllowed', 'SignUpSlowed'],
  responses: { 201: { description: 'Created', headers: location, content: json(AccountCreated) } },
});

const listRoute = defineRoute('account', {
  method: 'get',
  path: accountPaths.accounts,
  tags,
  summary: 'All accounts, oldest first; for advanced_user and admin',
  request: { query: AccountsQuery },
  errors: ['AccountTypeForbids', 'InvalidTarget'],
  responses: { 200: { description: 'Accounts', content: json(AccountsAnswer) } },
});

const getRoute = defineRoute('account', {
  method: 'get',
  path: accountPaths.account,
  tags,
  summary: 'The own account',
  request: { query: AccountQuery },
  errors: ['AccountNotFound', 'InvalidTarget'],
  responses: { 200: { description: 'The account', content: json(AccountSchema) } },
});

const patchRoute = defineRoute('account', {
  method: 'patch',
  path: accountPaths.account,
  tags,
  summary: 'Change the own login, password or description; needs Basic authorization',
  request: { body: { content: json(AccountPatch), required: true } },
  errors: ['AccountNotFound', 'AccountExists'],
  responses: { 204: { description: 'Changed' } },
});

const removeRoute = defineRoute('account', {
  method: 'delete',
  path: accountPaths.account,
  tags,
  summary: 'Remove the own account and its tokens; its data stay. Needs Basic authorization',
  errors: ['AccountNotFound'],
  responses: { 204: { description: 'Removed' } },
});

const loginRoute = defineRoute('account', {
  method: 'post',
  path: accountPaths.login,
  tags,
  summary: 'Check login and password (Basic authorization); answers a token with all rights for 12 hours',
  errors: ['AccountNotFound', 'TooManyTokens'],
  responses: { 201: { description: 'Logged in', content: json(LoggedIn) } },
});

const toAnswer = ({ create_time, last_update_time, ...account }: Account) => ({
  ...account,
  create_time: toTime(create_time),
  last_update_time: toTime(last_update_time),
});

/** `/accounts`, `/account` and `/login` (LP5 1.5). */
export function createAccountsRoutes(deps: { accounts: Accounts }): LunaRouter {
  const { accounts } = deps;
  const router = createRouter();
  const queueOf = (c: LunaContext): HashQueue => (isLocalRequest(receivedRequest(c)) ? 'loopback' : 'elsewhere');
  /** The header Luna-Account-Id is the wanted id here, so only `Authorization` says who asks. */
  const authorizedBy = async (c: LunaContext, mayBeNobody: boolean): Promise<Caller | null> => {
    if (c.req.header('authorization') === undefined) return null;
    try {
      return await identify(c);
    } catch (error) {
      if (mayBeNobody && isLunaError(error)) return null;
      throw error;
    }
  };
  /** LP5 lets everybody create accounts; on an appliance in a LAN that would be a way in. */
  const requireMayCreate = async (c: LunaContext): Promise<void> => {
    const request = receivedRequest(c);
    const isFirst = accounts.isEmpty();
    const mayHere = isTrusted(c) || (isFirst && isLocalRequest(request));
    const mayAnyone = !isFirst && accounts.settings().openSignUp;
    const caller = await authorizedBy(c, mayHere || mayAnyone);
    if (caller?.via === 'token') throw lunaError('TokenNotAllowed');
    if (mayHere || (caller?.accountType === 'admin' && caller.via === 'basic')) return;
    if (!mayAnyone) throw lunaError('AccountCreationClosed');
    accounts.signUps.begin(hostOf(request.remoteAddress));
  };

  // Before the body is read: the route is open to everybody.
  router.post(createRoute.path, async (c, next) => {
    await requireMayCreate(c);
    await next();
  });
  router.openapi(createRoute, async (c) => {
    const body = c.req.valid('json');
    const wantedId = c.req.header('luna-account-id');
    const account = {
      login: body.login,
      password: body.password,
      accountType: body.account_type,
      description: body.description,
      accountId: wantedId === undefined ? undefined : parseAccountId(wantedId),
    };
    const accountId = await accounts.create(account, queueOf(c));
    const url = `/6/accounts/${accountId}`;
    return c.json({ account_id: accountId, url }, 201, { Location: url });
  });
  router.openapi(listRoute, (c) => {
    const { accountType } = callerOf(c);
    if (accountType === 'user') throw lunaError('AccountTypeForbids', { accountType, what: 'see other accounts' });
    const { login, account_type, targets, page, page_size } = c.req.valid('query');
    requireTargets(targets, accountMembers);
    const rows = accounts.page({ login, account_type }, page_size, (page - 1) * page_size);
    return c.json({ accounts: rows.map((row) => pickTargets(toAnswer(row), targets)) }, 200);
  });
  router.openapi(getRoute, (c) => {
    const { targets } = c.req.valid('query');
    requireTargets(targets, accountMembers);
    return c.json(pickTargets(toAnswer(requireOwnAccount(accounts, c)), targets), 200);
  });
  router.openapi(patchRoute, async (c) => {
    requirePassword(callerOf(c));
    await accounts.change(requireOwnAccount(accounts, c).account_id, c.req.valid('json'), queueOf(c));
    return c.body(null, 204);
  });
  router.openapi(removeRoute, (c) => {
    requirePassword(callerOf(c));
    accounts.remove(requireOwnAccount(accounts, c).account_id);
    return c.body(null, 204);
  });
  router.openapi(loginRoute, async (c) => {
    requirePassword(callerOf(c));
    const { row, token } = await accounts.tokens.createSession(requireOwnAccount(accounts, c));
    return c.json(
      {
        account_id: row.account_id,
        token_id: row.token_id,
        token,
        expiration_time: toTime(row.expiration_time ?? row.create_time),
      },
      201,
    );
  });
  return router;
}
