/** Tokens on the wire (LP5 1.5). */
import * as z from 'zod';
import { limits } from '#contract/established/names';
import { exampleId, Flag, Page, Time, TimeOut, Uuid, UuidOut } from '#contract/schemas';
import { type Right, type RightObject, rightResources, rightsOf } from '#domain/access';

const unique = <Item extends z.ZodType>(item: Item, max: number) =>
  z
    .array(item)
    .max(max)
    .transform((items) => [...new Set(items)])
    .default([]);

type RightEnum<Name extends RightObject> = z.ZodEnum<{ [R in (typeof rightsOf)[Name][number]]: R }>;

/** One member per object, made of the rights that exist on it. */
function perObject<Shape>(member: (rights: z.ZodEnum<Record<Right, Right>>) => z.ZodType): Shape {
  const members = Object.entries(rightsOf).map(([object, rights]) => [
    object,
    member(z.enum(rights) as z.ZodEnum<Record<Right, Right>>),
  ]);
  return Object.fromEntries(members) as Shape;
}

const objectShape = perObject<{ [Name in RightObject]: ReturnType<typeof unique<RightEnum<Name>>> }>((rights) =>
  unique(rights, 16),
);

const EmitEvents = z.object({
  allowed: Flag.default(false),
  white_list: unique(Uuid, limits.idsPerFilter).describe('Handlers that may be used; empty: all.'),
  black_list: unique(Uuid, limits.idsPerFilter).describe('Handlers that may not be used.'),
});

/** Absent members grant nothing; members that we do not know grant nothing and are ignored. */
export const TokenPermissions = z
  .object({
    ...objectShape,
    resources: unique(z.enum(rightResources), 16),
    emit_events: EmitEvents.prefault({}),
  })
  .meta({ id: 'TokenPermissions' });
export type TokenPermissions = z.output<typeof TokenPermissions>;

const VisibilityArea = z.enum(['account', 'all']);

export const TokenBody = z
  .object({
    description: z.string().max(limits.description).default(''),
    expiration_time: Time.nullable()
      .default(null)
      .meta({ type: ['string', 'null'], description: 'null: for ever' }),
    visibility_area: VisibilityArea.default('account').describe("'all' only for advanced_user and admin"),
    permissions: TokenPermissions.prefault({}),
  })
  .meta({
    id: 'TokenBody',
    example: {
      description: 'camera at the gate',
      expiration_time: null,
      visibility_area: 'account',
      permissions: { face: ['view'], emit_events: { allowed: 1, white_list: [exampleId], black_list: [] } },
    },
  });
export type TokenBody = z.output<typeof TokenBody>;

export const TokenQuery = z.object({
  grant_all_permissions: Flag.default(false).describe('Every permission there is; `permissions` is then ignored.'),
});

const PermissionsOut = z
  .object({
    ...perObject<{ [Name in RightObject]: z.ZodArray<RightEnum<Name>> }>((rights) => z.array(rights)),
    resources: z.array(z.enum(rightResources)),
    emit_events: z.object({
      allowed: z.union([z.literal(0), z.literal(1)]),
      white_list: z.array(UuidOut),
      black_list: z.array(UuidOut),
    }),
  })
  .meta({ id: 'TokenPermissionsOut' });
export type PermissionsOut = z.output<typeof PermissionsOut>;

export const Token = z
  .object({
    token_id: UuidOut,
    account_id: UuidOut,
    description: z.string(),
    expiration_time: TimeOut.nullable(),
    visibility_area: VisibilityArea,
    permissions: PermissionsOut,
    create_time: TimeOut,
  })
  .meta({ id: 'Token' });

export const Tokens = z.object({ tokens: z.array(Token) }).meta({ id: 'Tokens' });
export const TokenCreated = z
  .object({ token_id: UuidOut, token: z.string().describe('Shown once.'), url: z.string() })
  .meta({ id: 'TokenCreated' });
export const TokenPage = Page;

export const LoggedIn = z
  .object({ account_id: UuidOut, token_id: UuidOut, token: z.string(), expiration_time: TimeOut })
  .meta({ id: 'LoggedIn' });
