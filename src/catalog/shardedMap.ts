/** A map that shares what two versions have in common: a change copies one shard of many, so that keeping all is cheap. */

const SHARDS = 64;

type Shards<Value> = readonly (ReadonlyMap<string | number, Value> | undefined)[];

export class ShardedMap<Key extends string | number, Value> {
  private constructor(
    private readonly shards: Shards<Value>,
    readonly size: number,
  ) {}

  static empty<Key extends string | number, Value>(): ShardedMap<Key, Value> {
    return new ShardedMap<Key, Value>([], 0);
  }

  get(key: Key): Value | undefined {
    return this.shards[shardOf(key)]?.get(key);
  }

  has(key: Key): boolean {
    return this.shards[shardOf(key)]?.has(key) === true;
  }

  with(key: Key, value: Value): ShardedMap<Key, Value> {
    const at = shardOf(key);
    const before = this.shards[at];
    if (before?.get(key) === value) return this;
    const shard = new Map(before);
    const size = this.size + (shard.has(key) ? 0 : 1);
    shard.set(key, value);
    return new ShardedMap(replaced(this.shards, at, shard), size);
  }

  without(key: Key): ShardedMap<Key, Value> {
    const at = shardOf(key);
    const before = this.shards[at];
    if (!before?.has(key)) return this;
    const shard = new Map(before);
    shard.delete(key);
    return new ShardedMap(replaced(this.shards, at, shard), this.size - 1);
  }

  /** The values that another version does not have under their keys. What the two share is not looked at. */
  *unlike(other: ShardedMap<Key, Value>): IterableIterator<Value> {
    for (const [at, shard] of this.shards.entries()) {
      const theirs = other.shards[at];
      if (!shard || shard === theirs) continue;
      for (const [key, value] of shard) if (theirs?.get(key) !== value) yield value;
    }
  }

  *values(): IterableIterator<Value> {
    for (const shard of this.shards) if (shard) yield* shard.values();
  }
}

function replaced<Value>(shards: Shards<Value>, at: number, shard: ReadonlyMap<string | number, Value>): Shards<Value> {
  const copy = shards.length === SHARDS ? [...shards] : Array.from({ length: SHARDS }, (_, index) => shards[index]);
  copy[at] = shard;
  return copy;
}

function shardOf(key: string | number): number {
  if (typeof key === 'number') return key % SHARDS;
  let hash = 0;
  for (let at = 0; at < key.length; at += 1) hash = (hash * 31 + key.charCodeAt(at)) | 0;
  return (hash >>> 0) % SHARDS;
}
