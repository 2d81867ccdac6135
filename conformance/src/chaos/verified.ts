/** What holds at the end of every scenario, whatever happened. */
const ALWAYS = ['CUR-02', 'CUR-05', 'CUR-09', 'CUR-26', 'CUR-32', 'CUR-34', 'CUR-37', 'SES-36'];

const withAlways = (...ids: readonly string[]): string[] => [...new Set([...ids, ...ALWAYS])];

/** The requirements that each scenario verifies. The first is the one that is broken where a device does not get through at all. */
export const VERIFIED: Readonly<Record<string, readonly string[]>> = {
  'S-CONV-04': withAlways('CUR-32'),
  'T-LAT-01': withAlways('CHAOS-01', 'CUR-32'),
  'T-LAT-02': withAlways('CHAOS-02', 'CUR-32'),
  'T-LAT-03': withAlways('CHAOS-03', 'CUR-32'),
  'T-LAT-04': withAlways('CHAOS-04', 'CUR-32'),
  'T-CONN-05': withAlways('CHAOS-08', 'FRAME-29'),
  'T-LOSS-04': withAlways('CHAOS-05', 'CUR-32'),
  'E-HS-01': withAlways('CHAOS-09', 'SES-51'),
  'E-HS-02': withAlways('CHAOS-10', 'SES-51'),
  'E-HS-03': withAlways('CHAOS-11', 'SES-51'),
  'T-CONN-03': withAlways('CHAOS-07', 'CUR-09'),
  'S-SM-01': withAlways('CHAOS-12', 'CUR-29'),
  'S-SM-02': withAlways('CHAOS-13', 'CUR-32'),
  'S-SM-03': withAlways('CHAOS-14', 'CUR-32'),
  'C-COLL-01': withAlways('CHAOS-14', 'CUR-32'),
  'T-CONN-01': withAlways('CHAOS-06', 'CUR-26', 'CUR-28'),
  'S-CONV-02': withAlways('CHAOS-15', 'CUR-05'),
  'C-STOR-04': withAlways('CHAOS-16', 'CUR-26'),
};
