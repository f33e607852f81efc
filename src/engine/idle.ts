/** Which rules have nothing to say of a file, told without running them. */
import type { AnyRule } from './rule';

/**
 * What a rule looks at in facts that hold nothing, as long as it finds nothing there. Where all of that is empty again, it goes
 * the same way and finds the same, whatever else the facts hold: a check is a function of the facts that it reads.
 */
type Looks = readonly PropertyKey[] | undefined;

/** By the facts that hold nothing. */
const known = new WeakMap<object, WeakMap<object, { readonly looks: Looks }>>();

/**
 * The rules that may find something, in order.
 *
 * @param nothing facts of a file in which there is nothing
 */
export function mayFind<Facts extends object>(
  rules: readonly AnyRule<Facts>[],
  facts: Facts,
  nothing: Facts,
): ReadonlySet<AnyRule<Facts>> {
  const looksOf = known.get(nothing) ?? new WeakMap<object, { readonly looks: Looks }>();
  known.set(nothing, looksOf);
  const empty = new Map<PropertyKey, boolean>();
  const isEmpty = (key: PropertyKey): boolean => {
    let answer = empty.get(key);
    if (answer === undefined) {
      const [value, none]: unknown[] = [facts[key as keyof Facts], nothing[key as keyof Facts]];
      answer = value === none || (isEmptyList(value) && isEmptyList(none));
      empty.set(key, answer);
    }
    return answer;
  };
  const found = new Set<AnyRule<Facts>>();
  for (const rule of rules) {
    let told = looksOf.get(rule);
    if (!told) {
      told = { looks: looksIn(rule, nothing) };
      looksOf.set(rule, told);
    }
    if (!told.looks?.every(isEmpty)) found.add(rule);
  }
  return found;
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Undefined for a rule that finds something in nothing, fails on it, or takes stock of all that there is. */
function looksIn<Facts extends object>(rule: AnyRule<Facts>, nothing: Facts): Looks {
  const looks = new Set<PropertyKey>();
  let takesStock = false;
  const watched = new Proxy(nothing, {
    get(target, key) {
      looks.add(key);
      return Reflect.get(target, key);
    },
    has(target, key) {
      looks.add(key);
      return Reflect.has(target, key);
    },
    ownKeys(target) {
      takesStock = true;
      return Reflect.ownKeys(target);
    },
  });
  try {
    for (const _ of rule.check(watched)) return undefined;
  } catch {
    // it is told where it is run
    return undefined;
  }
  return takesStock ? undefined : [...looks];
}
