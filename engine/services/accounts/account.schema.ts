/** Accounts on the wire (LP5 1.5). */
import * as z from 'zod';
import { limits } from '#contract/established/names';
import { csv, Page, TimeOut, UuidOut } from '#contract/schemas';

/** LP5's own pattern. Upper case is taken for lower case. */
export const Login = z
  .string()
  .max(128)
  .toLowerCase()
  .regex(/^[a-z0-9_'+\-.]+@[a-z0-9]+\.[a-z]{2,}$/, 'must look like name@domain.zone')
  .meta({ example: 'operator@site.com' });
/** Control characters could never be sent again in a Basic header. */
export const Password = z
  .string()
  .min(3)
  .max(128)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 7617, 2 forbids exactly these
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'control characters are not allowed')
  .meta({ format: 'password' });
export const AccountTypeName = z.enum(['user', 'advanced_user', 'admin']);
const Description = z.string().max(limits.description);

export const AccountCreate = z
  .object({
    login: Login,
    password: Password,
    account_type: AccountTypeName.exclude(['admin']).describe("'admin' is made on the appliance only."),
    description: Description.default(''),
  })
  .meta({
    id: 'AccountCreate',
    example: { login: 'operator@site.com', password: 'correct horse', account_type: 'user', description: 'gate' },
  });

export const AccountPatch = z
  .object({ login: Login.optional(), password: Password.optional(), description: Description.optional() })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'nothing to change')
  .meta({ id: 'AccountPatch', example: { description: 'night shift' } });

export const accountMembers = [
  'account_id',
  'login',
  'account_type',
  'description',
  'create_time',
  'last_update_time',
] as const;

const AccountTargets = csv(z.string().min(1).max(64), 64)
  .optional()
  .describe(`Members of the answer: ${accountMembers.join(', ')}. Default: all.`);
export const AccountQuery = z.object({ targets: AccountTargets });
export const AccountsQuery = z.object({
  login: z.string().max(128).toLowerCase().optional(),
  account_type: AccountTypeName.optional(),
  targets: AccountTargets,
  ...Page.shape,
});

/** Members are absent when `targets` does not name them. */
export const Account = z
  .object({
    account_id: UuidOut,
    login: z.string(),
    account_type: AccountTypeName,
    description: z.string(),
    create_time: TimeOut,
    last_update_time: TimeOut,
  })
  .partial()
  .meta({ id: 'Account' });

export const Accounts = z.object({ accounts: z.array(Account) }).meta({ id: 'Accounts' });
export const AccountCreated = z.object({ account_id: UuidOut, url: z.string() }).meta({ id: 'AccountCreated' });
