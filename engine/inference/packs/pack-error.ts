/** What is wrong: with the pack itself, with its name, or with what was asked of it at this time. */
export type PackProblem = 'refused' | 'unknown' | 'conflict' | 'full';

/** Why a model pack is refused, in a sentence for whoever installs it. */
export class PackError extends Error {
  override readonly name = 'PackError';
  readonly problem: PackProblem;

  constructor(message: string, problem: PackProblem = 'refused') {
    super(message);
    this.problem = problem;
  }
}
