import type { Database } from '../database.ts';

export interface BrokerSubscription {
  filter: string;
  qos: number;
}

export interface BrokerMessage {
  position: number;
  seq: number | null;
  topic: string;
  payload: string;
  create_time: number;
}

/** Durable sessions of the embedded broker: who subscribed to what, and what each has not acknowledged yet. */
export function createBrokerTable(database: Database) {
  const sessions = database.prepare<{ client_id: string; last_seen: number }>(
    'broker.sessions',
    'SELECT client_id, last_seen FROM broker_session ORDER BY client_id',
  );
  const touch = database.prepare(
    'broker.touch',
    'INSERT INTO broker_session (client_id, last_seen) VALUES (?, ?) ON CONFLICT (client_id) DO UPDATE SET last_seen = excluded.last_seen',
  );
  const removeSession = database.prepare('broker.removeSession', 'DELETE FROM broker_session WHERE client_id = ?');
  const subscriptions = database.prepare<BrokerSubscription & { client_id: string }>(
    'broker.subscriptions',
    'SELECT client_id, filter, qos FROM broker_subscription ORDER BY client_id, filter',
  );
  const subscribe = database.prepare(
    'broker.subscribe',
    'INSERT INTO broker_subscription (client_id, filter, qos) VALUES (?, ?, ?) ON CONFLICT (client_id, filter) DO UPDATE SET qos = excluded.qos',
  );
  const unsubscribe = database.prepare(
    'broker.unsubscribe',
    'DELETE FROM broker_subscription WHERE client_id = ? AND filter = ?',
  );
  const enqueue = database.prepare(
    'broker.enqueue',
    'INSERT INTO broker_queue (client_id, seq, topic, payload, create_time) VALUES (?, ?, ?, ?, ?)',
  );
  const insertAt = database.prepare(
    'broker.insertAt',
    'INSERT INTO broker_queue (position, client_id, seq, topic, payload, create_time) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const read = database.prepare<BrokerMessage>(
    'broker.read',
    'SELECT position, seq, topic, payload, create_time FROM broker_queue WHERE client_id = ? AND position > ? ORDER BY position LIMIT ?',
  );
  const remove = database.prepare('broker.remove', 'DELETE FROM broker_queue WHERE position = ?');
  const counts = database.prepare<{ client_id: string; count: number }>(
    'broker.counts',
    'SELECT client_id, count(*) AS count FROM broker_queue GROUP BY client_id',
  );
  return {
    sessions: () => sessions.all(),
    touch: (clientId: string, nowMs: number) => void touch.run(clientId, nowMs),
    /** With its subscriptions and its queue. */
    removeSession: (clientId: string) => void removeSession.run(clientId),
    subscriptions: () => subscriptions.all(),
    subscribe: (clientId: string, subscription: BrokerSubscription) =>
      void subscribe.run(clientId, subscription.filter, subscription.qos),
    unsubscribe: (clientId: string, filter: string) => void unsubscribe.run(clientId, filter),
    enqueue: (clientId: string, message: Omit<BrokerMessage, 'position'>) =>
      void enqueue.run(clientId, message.seq, message.topic, message.payload, message.create_time),
    /** Puts a message at the place of one that was removed before. */
    insertAt: (position: number, clientId: string, message: Omit<BrokerMessage, 'position'>) =>
      void insertAt.run(position, clientId, message.seq, message.topic, message.payload, message.create_time),
    /** Oldest first. */
    read: (clientId: string, afterPosition: number, limit: number) => read.all(clientId, afterPosition, limit),
    /** False when it is gone already. */
    remove: (position: number): boolean => remove.run(position).changes > 0,
    counts: () => counts.all(),
  };
}
