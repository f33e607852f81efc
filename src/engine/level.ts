/** How much a finding matters. */
export type Level = 'error' | 'warning' | 'info';

export const LEVELS: readonly Level[] = ['info', 'warning', 'error'];

/** `level`, `steps` lower; it stops at `info`. */
export const lowered = (level: Level, steps: number): Level =>
  LEVELS[Math.max(0, LEVELS.indexOf(level) - steps)] ?? 'info';

/** Whether `level` is `floor` or above. */
export const reaches = (level: Level, floor: Level): boolean => LEVELS.indexOf(level) >= LEVELS.indexOf(floor);
