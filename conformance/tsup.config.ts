import { packageBuild } from '../scripts/package-build.ts';

export default packageBuild({ entry: ['src/main.ts'] });
