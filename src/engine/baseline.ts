/** What an earlier run has already found, read from its SARIF. */
import type { Finding } from './finding';

/** The name under which a finding's fingerprint stands in SARIF. */
export const FINGERPRINT_KEY = 'backendReviewer/v1';

export type BaselineState = 'new' | 'unchanged';

/** A baseline that cannot be read: the run ends with status 2. */
export class BaselineError extends Error {
  override readonly name = 'BaselineError';
}

/**
 * The fingerprints that a SARIF log holds. What it marks as absent is no longer there and does not count.
 *
 * @throws BaselineError when the text is no SARIF log
 */
export function fingerprintsInSarif(text: string): ReadonlySet<string> {
  const log = parsed(text);
  if (!isRecord(log) || !Array.isArray(log.runs)) throw new BaselineError('it is no SARIF log: it has no "runs"');
  const found = new Set<string>();
  for (const run of log.runs) {
    if (!isRecord(run) || !Array.isArray(run.results)) continue;
    for (const result of run.results) {
      if (!isRecord(result) || result.baselineState === 'absent' || !isRecord(result.partialFingerprints)) continue;
      const fingerprint = result.partialFingerprints[FINGERPRINT_KEY];
      if (typeof fingerprint === 'string') found.add(fingerprint);
    }
  }
  return found;
}

export const baselineState = (finding: Pick<Finding, 'fingerprint'>, baseline: ReadonlySet<string>): BaselineState =>
  baseline.has(finding.fingerprint) ? 'unchanged' : 'new';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new BaselineError(`it is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
