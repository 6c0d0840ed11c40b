/**
 * The classes that a client parses answers into, as zod schemas: arrays where it declares lists, objects where it
 * declares classes. Members it does not know are no fault, as in all of these clients.
 */
import * as assert from 'uvu/assert';
import * as z from 'zod';

/** What `model` reads of `body`. Fails, with the path, where the container or the kind of a value is another one. */
export function parses<Model extends z.ZodType>(what: string, model: Model, body: unknown): z.output<Model> {
  const parsed = model.safeParse(body);
  const issues = parsed.error?.issues.map(({ path, message }) => `${what}: ${path.join('.')}: ${message}`) ?? [];
  assert.equal(issues, []);
  return parsed.data as z.output<Model>;
}

type Boxed<Members extends Readonly<Record<string, z.ZodType>>> = {
  [Name in keyof Members]: z.ZodOptional<z.ZodNullable<Members[Name]>>;
};
/** A Java or Kotlin class, whose members are boxed: null and nothing are read as null. */
export const boxed = <Members extends Readonly<Record<string, z.ZodType>>>(members: Members) =>
  z.object(
    Object.fromEntries(Object.entries(members).map(([name, member]) => [name, member.nullish()])) as Boxed<Members>,
  );

export const text = z.string();
export const integer = z.int();
export const decimal = z.number();
export const filled = z.string().min(1);
export const Rect = z.object({ x: integer, y: integer, width: integer, height: integer });
