/** How much of a run's CPU time goes into compiling. */
import { setFlagsFromString } from 'node:v8';

/** V8's own is 66 kB of bytecode: a run of seconds spent a third of its CPU time on optimising what then ran for moments. */
const BYTECODE_BEFORE_OPTIMISING = 500_000;

/** The major versions that are known to have the option. Others would say on stderr that they do not. */
const KNOWN_V8 = /^1[1-3]\./;

/**
 * Has V8 optimise only what runs much longer than usual: right for a process that reviews once and ends, and takes about a
 * quarter off its CPU time. An editor's process lives long enough for the usual.
 */
export function compileLess(): void {
  if (KNOWN_V8.test(process.versions.v8)) setFlagsFromString(`--interrupt-budget=${BYTECODE_BEFORE_OPTIMISING}`);
}
