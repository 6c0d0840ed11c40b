/** Services and features that are switched off, not licensed or not offered (LP5 block 11xxx, 31011). */
import { entry, forbidden } from './entry.ts';

export const servicesErrors = {
  TasksDisabled: entry(11039, 403, forbidden, 'Tasks service is disabled'),
  EventsDisabled: entry(11040, 403, forbidden, 'Events service is disabled'),
  FeatureDisabled: entry<{ feature: string }>(
    11044,
    403,
    forbidden,
    (p) => `Not supported by this appliance: ${p.feature}`,
  ),
  LivenessDisabled: entry(11054, 403, forbidden, 'Liveness service is disabled'),
  License: entry<{ reason: string }>(11055, 403, forbidden, (p) => `License problem: '${p.reason}'`),
  ImageStoreDisabled: entry(11070, 403, forbidden, 'Image Store service is disabled'),
  HandlersDisabled: entry(11071, 403, forbidden, 'Handlers service is disabled'),
  MatcherDisabled: entry(11080, 403, forbidden, 'Python Matcher and Python Matcher Proxy are disabled'),
  AccountsDisabled: entry(11083, 403, forbidden, 'Accounts service is disabled'),
} as const;
