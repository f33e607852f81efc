/** When a migration was written, by the stamp that its tool puts into the name: a date and time, or a count since 1970. */

/** `20240304084102`, `2024_03_04_084102`, `20240304A`, `Migration20240304084102`. */
const DATE = /(?<!\d)(20[0-4]\d)[-_]?([01]\d)[-_]?([0-3]\d)(?:[-_T]?([0-2]\d)[-_]?([0-5]\d)(?:[-_]?([0-5]\d))?)?/;
/** `1694658756136-AddChatHistory`, `AddChatHistory1694658756136`, and in seconds `1694658756_add`. */
const COUNT = /(?<!\d)(1[2-9]\d{8})(\d{3})?(?!\d)/;

/** @returns milliseconds since 1970 */
export function timeInName(name: string): number | undefined {
  const [, seconds, milliseconds] = COUNT.exec(name) ?? [];
  if (seconds !== undefined) return Number(seconds) * 1000 + Number(milliseconds ?? 0);
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = DATE.exec(name) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const isDay = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
  return isDay ? time : undefined;
}
