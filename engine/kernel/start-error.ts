/** Keeps the appliance from starting for a reason that its operator can mend: the message says what, and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
