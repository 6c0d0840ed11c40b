import { lunaError } from '#kernel/errors';

/** Throws `InvalidTarget` 22016 unless every one of `targets` is among the `valid` ones. */
export function requireTargets(targets: readonly string[] | undefined, valid: readonly string[]): void {
  const target = targets?.find((name) => !valid.includes(name));
  if (target !== undefined) throw lunaError('InvalidTarget', { target, valid: valid.join(', ') });
}

/** The members of an answer that were asked for; all of them when nothing was. */
export function pickTargets<Answer extends object>(
  answer: Answer,
  targets: readonly string[] | undefined,
): Partial<Answer> {
  if (!targets) return answer;
  const picked: Partial<Answer> = {};
  for (const name of targets as readonly (keyof Answer & string)[]) {
    if (Object.hasOwn(answer, name)) picked[name] = answer[name];
  }
  return picked;
}
