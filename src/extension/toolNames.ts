/** What the tools are called in VS Code, where the tools of all extensions stand in one list. */
export const NAME_PREFIX = 'backend_reviewer_';

/** `review_file` of `backend_reviewer_review_file`. */
export const plainName = (contributed: string): string =>
  contributed.startsWith(NAME_PREFIX) ? contributed.slice(NAME_PREFIX.length) : contributed;
