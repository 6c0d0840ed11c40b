/** A typed, synchronous, in-process bus. A listener that throws never stops the others or the sender. */
export interface Bus<Messages extends object> {
  publish<Name extends keyof Messages>(name: Name, message: Messages[Name]): void;
  /** Returns the function that ends the subscription. */
  subscribe<Name extends keyof Messages>(name: Name, listener: (message: Messages[Name]) => void): () => void;
}

export function createBus<Messages extends object>(
  onListenerError: (name: keyof Messages, error: unknown) => void,
): Bus<Messages> {
  const listeners = new Map<keyof Messages, Set<(message: never) => void>>();
  return {
    publish(name, message) {
      for (const listener of listeners.get(name) ?? []) {
        try {
          (listener as (message: unknown) => void)(message);
        } catch (error) {
          onListenerError(name, error);
        }
      }
    },
    subscribe(name, listener) {
      const group = listeners.get(name) ?? new Set();
      listeners.set(name, group);
      group.add(listener);
      return () => group.delete(listener);
    },
  };
}
