import { AREAS, DECISIONS, REQUIREMENTS, SPEC_VERSION } from '@0k-sync/spec';

/** Every numbered rule, by area, each with an anchor of its id. */
export function requirementsPage(): string {
  const parts = [`# Requirements\n\nSpecification ${SPEC_VERSION}, ${REQUIREMENTS.length} requirements.\n`];
  for (const { area, title, section } of AREAS) {
    parts.push(`## ${area}: ${title}\n\n${section}\n`);
    for (const rule of REQUIREMENTS.filter((requirement) => requirement.area === area)) {
      const marks = [rule.level, rule.party, `profile ${rule.profile}`, `source: ${rule.source}`];
      if (rule.planned) marks.push('planned');
      if (rule.untestable) marks.push('untestable');
      parts.push(`### ${rule.id} {#${rule.id}}\n\n${rule.text}\n\n*${marks.join(' · ')}*\n\nWhy: ${rule.why}\n`);
      if (rule.untestable)
        parts.push(`Not seen from outside: ${rule.untestable.reason} ${rule.untestable.covered_by}\n`);
    }
  }
  return parts.join('\n');
}

/** What the specification decided where its sources left something open. */
export function decisionsPage(): string {
  const parts = ['# Decisions\n'];
  for (const decision of DECISIONS) {
    const links = decision.requirements.map((id) => `[${id}](requirements.md#${id})`).join(', ');
    parts.push(
      `## ${decision.id}: ${decision.title} {#${decision.id}}\n\n${decision.question}\n\n**${decision.decision}**\n\n` +
        `Why: ${decision.why}\n\n${links === '' ? '' : `Requirements: ${links}\n`}`,
    );
  }
  return parts.join('\n');
}
