const twoDigits = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
const threeDigits = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));
/** 10000-01-01. */
const afterFourDigitYears = 253_402_300_800_000;

/** RFC 3339 with milliseconds, UTC: `Date.toISOString` in half of the time, since a page of events has 300 times. */
export function toTime(ms: number): string {
  const date = new Date(ms);
  if (!(ms >= 0 && ms < afterFourDigitYears)) return date.toISOString();
  const day = `${date.getUTCFullYear()}-${twoDigits[date.getUTCMonth() + 1]}-${twoDigits[date.getUTCDate()]}`;
  const minute = `${twoDigits[date.getUTCHours()]}:${twoDigits[date.getUTCMinutes()]}`;
  return `${day}T${minute}:${twoDigits[date.getUTCSeconds()]}.${threeDigits[date.getUTCMilliseconds()]}Z`;
}

const time = /^(\d{4})-(\d{2})-(\d{2})(?:[tT ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?([zZ]|[+-]\d{2}:?\d{2})?)?$/;

/** RFC 3339, or less of it from the right; without a zone it is UTC. Milliseconds since 1970, NaN for what is no time. */
export function parseTime(text: string): number {
  const [, year, month, day, minute = '00:00', second = ':00', zone = 'Z'] = time.exec(text) ?? [];
  const date = `${year}-${month}-${day}`;
  // Date takes the 31st of any month for a day of the next one.
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)) return Number.NaN;
  const offset = zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  return Date.parse(`${date}T${minute}${second}${offset}`);
}
