/** What stands in for the real thing in tests. */
import type { FileId } from '../engine/place';

/** Whether it is there for tests, by its name or where it lies: it does not run in production. */
export const standsIn = (file: FileId, name = ''): boolean =>
  /^(?:create|make|build|get)?_?(?:Fake|Mock|Stub|Dummy|InMemory)(?![a-z])|(?:Fake|Mock|Stub|Dummy|InMemory)$|^(?:fake|mock|stub)[A-Z]/.test(
    name,
  ) ||
  /(?:^|\/)(?:tests?|__tests__|__mocks__|mocks|fakes|stubs|fixtures|e2e|specs?)\/|[.\-_](?:test|spec|e2e|mock|fake)s?\.[^/]+$|(?:^|\/)(?:fake|mock|stub)[^/]*$/i.test(
    file,
  );
