/** The analysis of a program: interpreter, environments and memory put together. */
import type { Analysis, ProgramInput } from './analysis';
import { createEnvironment } from './environment';
import { createMemory } from './memory';

/**
 * Nothing is computed until it is asked for. `onCompute` is told `analyse UNIT`, `variable FILE NAME`, `export FILE NAME`,
 * `field FILE CLASS.NAME`, `environment FILE`, and the keys of `remember`.
 * @throws never for what a model holds; what `input` or a remembered computation throws passes through
 */
export function createAnalysis(input: ProgramInput): Analysis {
  const memory = createMemory(input.onCompute ? { onCompute: input.onCompute } : {});
  const program = createEnvironment(input, memory);
  return {
    environment: program.environment,
    unit: unit => program.interpretation(unit).analysis,
    remember: (key, compute) => memory.derive(key, compute),
    member: program.world.classMember,
    relation: program.world.relation,
    handedInput: program.handedInput,
    part: program.part,
    callers: program.callers,
    importers: program.importers,
    changed: program.changed,
    resolutionChanged: program.resolutionChanged,
    sightingsChanged: program.sightingsChanged,
    source: program.source,
  };
}
