import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Caller,
  type Permissions,
  type Right,
  type RouteRight,
  rightObjects,
  rightResources,
  rights,
} from '#domain/access';
import { LunaError } from '#kernel/errors';
import { requireAdministrator, requireRight } from './authorize.ts';

type OrdinaryRight = Exclude<RouteRight, 'administrator' | 'open'>;

const nothing: Permissions = {
  objects: {},
  resources: [],
  emitEvents: { allowed: false, whiteList: [], blackList: [] },
};

function callerWith(more: Partial<Caller>): Caller {
  return {
    accountId: '6d071cca-fda5-4a03-84d5-5bea65904480',
    accountType: 'user',
    via: 'token',
    permissions: null,
    seesAllAccounts: false,
    ...more,
  };
}

/** The LP5 code of the refusal, 0 for none. */
function codeOf(caller: Caller | null, right: OrdinaryRight, handlerId?: string): number {
  try {
    requireRight(caller, right, handlerId);
    return 0;
  } catch (error) {
    if (!(error instanceof LunaError)) throw error;
    return error.code;
  }
}

const everyRight: readonly OrdinaryRight[] = [
  ...rightObjects.flatMap((object) => rights.map((right) => ({ object, right }))),
  ...rightResources.map((resource) => ({ resource })),
  'emit_events',
];

const authorize = suite('authorize');

authorize('a token with one right may that one thing and nothing else, for every object and right', () => {
  for (const object of rightObjects) {
    for (const right of rights) {
      const caller = callerWith({ permissions: { ...nothing, objects: { [object]: [right] } } });
      const allowed = everyRight.filter((asked) => codeOf(caller, asked) === 0);
      assert.equal(allowed, [{ object, right }]);
      for (const other of rights.filter((name) => name !== right)) {
        assert.is(codeOf(caller, { object, right: other }), 11059);
      }
    }
  }
});

authorize('a token with one resource may use that one and nothing else', () => {
  for (const resource of rightResources) {
    const caller = callerWith({ permissions: { ...nothing, resources: [resource] } });
    assert.equal(
      everyRight.filter((asked) => codeOf(caller, asked) === 0),
      [{ resource }],
    );
    for (const other of rightResources.filter((name) => name !== resource)) {
      assert.is(codeOf(caller, { resource: other }), 11060);
    }
  }
});

authorize('a token with every permission still does not open accounts and tokens', () => {
  const all: Permissions = {
    objects: Object.fromEntries(rightObjects.map((object) => [object, rights])),
    resources: rightResources,
    emitEvents: { allowed: true, whiteList: [], blackList: [] },
  };
  const caller = callerWith({ permissions: all });
  for (const asked of everyRight) assert.is(codeOf(caller, asked, 'h'), 0);
  assert.is(codeOf(caller, 'authorized'), 0);
  assert.is(codeOf(caller, 'account'), 11064);
});

const emission: readonly [what: string, permission: Partial<Permissions['emitEvents']>, allowed: boolean][] = [
  ['not allowed', {}, false],
  ['not allowed although on the white list', { whiteList: ['h'] }, false],
  ['allowed for all', { allowed: true }, true],
  ['allowed for it', { allowed: true, whiteList: ['g', 'h'] }, true],
  ['allowed for another one', { allowed: true, whiteList: ['g'] }, false],
  ['barred', { allowed: true, blackList: ['h'] }, false],
  ['another one barred', { allowed: true, blackList: ['g'] }, true],
  ['on both lists', { allowed: true, whiteList: ['h'], blackList: ['h'] }, false],
];
for (const [what, permission, allowed] of emission) {
  authorize(`event generation by handler 'h': ${what}`, () => {
    const emitEvents = { ...nothing.emitEvents, ...permission };
    const caller = callerWith({ permissions: { ...nothing, emitEvents } });
    assert.is(codeOf(caller, 'emit_events', 'h'), allowed ? 0 : 11059);
  });
}

authorize('nobody may anything', () => {
  for (const asked of [...everyRight, 'authorized', 'account'] as const) assert.is(codeOf(null, asked), 12010);
});

authorize('without a token every right of the account type holds', () => {
  for (const via of ['basic', 'account_id'] as const) {
    for (const asked of [...everyRight, 'authorized', 'account'] as const) {
      assert.is(codeOf(callerWith({ via }), asked), 0);
    }
  }
});

authorize('an advanced user acting for another account may look, match and add, an administrator everything', () => {
  const acting = { via: 'basic', actingAccountId: '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d' } as const;
  const refused: Right[] = ['modification', 'deletion'];
  for (const object of rightObjects) {
    for (const right of rights) {
      const advanced = callerWith({ ...acting, accountType: 'advanced_user' });
      assert.is(codeOf(advanced, { object, right }), refused.includes(right) ? 11059 : 0);
      assert.is(codeOf(callerWith({ ...acting, accountType: 'admin' }), { object, right }), 0);
    }
  }
});

authorize('only an administrator with a password administers from elsewhere, and no token does from anywhere', () => {
  const codeFor = (caller: Caller | null, isLocal: boolean): number => {
    try {
      requireAdministrator(caller, isLocal);
      return 0;
    } catch (error) {
      if (!(error instanceof LunaError)) throw error;
      return error.code;
    }
  };
  for (const accountType of ['user', 'advanced_user', 'admin'] as const) {
    const isAdmin = accountType === 'admin';
    assert.is(codeFor(callerWith({ accountType, via: 'basic' }), false), isAdmin ? 0 : 11059);
    assert.is(codeFor(callerWith({ accountType, via: 'account_id' }), false), isAdmin ? 11065 : 11059);
    assert.is(codeFor(callerWith({ accountType, via: 'account_id' }), true), 0);
    for (const isLocal of [true, false]) assert.is(codeFor(callerWith({ accountType }), isLocal), 11064);
  }
  assert.equal([codeFor(null, false), codeFor(null, true)], [12010, 0]);
});

authorize.run();
