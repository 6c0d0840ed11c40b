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
