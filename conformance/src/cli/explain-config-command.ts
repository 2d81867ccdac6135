import { LIMITS, type LimitName } from '@0k-sync/spec';
import { registry } from '../checks/index.ts';
import { count, wrap } from '../report/style.ts';
import { RATES } from '../run/introduce.ts';
import { DEFAULT_PROFILES, select } from '../selection.ts';
import { type Configuration, readConfiguration } from '../target/own.ts';

const WIDTH = 120;

type Limit = (typeof LIMITS)[LimitName];

/** Why a limit is set for the test, where the configuration itself does not say it. */
const WHY: Partial<Record<LimitName, string>> = {
  max_blob_size: 'Small, so that the largest blob is sent in a moment.',
  max_group_storage: 'Small enough to be filled.',
  max_total_storage: 'Small enough to be filled by a few groups.',
  default_ttl: 'Short enough to wait until a blob expires.',
  max_ttl: 'Short enough to wait until a blob expires that asked for more.',
  max_pull_limit: 'So low that a page reaches it.',
  messages_burst: 'So low that the kit reaches it in a moment.',
  max_concurrent_sessions: 'Few enough to open all of them.',
  max_devices_per_group: 'Few enough to bring all of them, and one more.',
  max_device_name_len: 'Short, so that a longer name is soon found.',
  hello_timeout_secs: 'The kit waits for it to pass.',
  idle_timeout_secs: 'The kit waits for it to pass.',
  ping_interval_secs: 'The kit waits for a ping.',
  cleanup_interval_secs: 'The kit waits until what expired is gone.',
  invite_ttl_secs: 'The kit waits for an invite to expire.',
};

/**
 * Prints a configuration of the reference relay, as TOML with more comments: what each limit means, what it is for people,
 * and why it is another one here.
 *
 * @throws TargetError if there is none; UsageError for a profile that does not exist
 */
export async function explainConfigCommand(profiles: readonly string[] = DEFAULT_PROFILES): Promise<void> {
  select(registry.all(), { profiles });
  const configuration = profiles.includes('limits') ? 'certify-limits.toml' : 'certify.toml';
  const lines = (await readConfiguration(configuration)).trimEnd().split('\n');
  const explained = lines.flatMap((line, index) => {
    const name = /^(\w+) *=/.exec(line)?.[1];
    const limit = Object.values(LIMITS).find((entry) => entry.name === name);
    if (!limit) return [line];
    const why = lines[index - 1]?.startsWith('#') ? undefined : WHY[limit.name];
    return [...explain(limit, why ?? whyRate(limit.name, configuration)), line];
  });
  process.stdout.write(`${explained.join('\n')}\n`);
}

function explain({ name, doc, default: standard, unit }: Limit, why: string | undefined): string[] {
  const texts = [`${name}: ${doc} Default: ${standard} ${unit}.`, ...(why === undefined ? [] : [why])];
  return texts.map((text) => wrap(text, WIDTH, '# '));
}

/** What the kit needs of a rate; undefined of what is none. */
function whyRate(name: LimitName, configuration: Configuration): string | undefined {
  const least = RATES.get(name);
  if (least === undefined) return undefined;
  if (configuration === 'certify-limits.toml') return 'So low that the kit reaches it, and sees it refill.';
  const kept = registry.all().filter(({ needs }) => needs.includes('lifted-limits')).length;
  return `0, or at least ${least}, since the kit sends faster than people; else ${count(kept, 'check')} cannot be run.`;
}
