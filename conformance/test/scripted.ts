import { onTestFinished } from 'vitest';
import { ScriptedRelay, type ScriptedSession } from '../src/model/scripted-relay.ts';

/** Starts a relay that is right, or wrong in the way of its session, until the test is over. @returns its address */
export async function scripted(session?: typeof ScriptedSession): Promise<string> {
  const relay = await ScriptedRelay.listen(session);
  onTestFinished(() => relay.close());
  return relay.url;
}
