import { check } from '../registry.ts';
import { RULES } from './rules.ts';

check('CUR-37/plans', {
  title: 'whatever several devices do at once, the history of their answers is one that the rules allow',
  requirements: [...new Set(Object.values(RULES))],
  needs: ['lifted-limits'],
  // It makes as much load as it can, and its races are finer without others beside it.
  alone: true,
  seconds: 180,
  async run(ctx) {
    const { searchForViolation } = await import('./search.ts');
    await searchForViolation(ctx, { runs: 30, searchMs: 90_000, shrinkMs: 20_000, floor: 3 });
  },
});
