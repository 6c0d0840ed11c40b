/** Stored events on the wire (LP5 8.2). */
import * as z from 'zod';
import { EventQuery } from '#contract/events/event-filters';
import { Order } from '#contract/http/paging';
import { candidateTargets } from '#contract/matching/candidate-targets';
import { EventRecord } from '#contract/records';
import { Page, Targets } from '#contract/schemas';

export const eventTargets: readonly string[] = candidateTargets.events.filter((name) => name !== 'similarity');

const targets = Targets.meta({ description: `Any of ${eventTargets.join(', ')}.` });
export const EventItemQuery = z.object({ targets });
export const EventListQuery = EventQuery.extend(Page.shape).extend({ targets, order: Order });

export const Events = z.object({ events: z.array(EventRecord) }).meta({ id: 'Events' });
