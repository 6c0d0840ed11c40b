/** Why a model pack is refused, in a sentence for whoever installs it. */
export class PackError extends Error {
  override readonly name = 'PackError';
}
