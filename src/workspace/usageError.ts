/** What a person asked for and cannot have: the run ends with status 2 and this one message. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
