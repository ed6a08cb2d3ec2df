import { tzOffset } from "@date-fns/tz";

/** Minutes east of UTC at a moment (ms since the epoch). */
export type Zone = (at: number) => number;

export function fixedZone(minutes: number): Zone {
  return () => minutes;
}

/** A zone of the IANA database. Throws RangeError for a name that is not one. */
export function namedZone(name: string): Zone {
  const probe = tzOffset(name, new Date(0));
  if (Number.isNaN(probe)) throw new RangeError(`${name} is no time zone`);
  // Every change of any zone since 1970 falls on a quarter of an hour.
  let quarter = Number.NaN;
  let offset = 0;
  return (at) => {
    const now = Math.floor(at / 900_000);
    if (now !== quarter) {
      quarter = now;
      offset = tzOffset(name, new Date(at));
    }
    return offset;
  };
}

const hour = 3_600_000;
const day = 24 * hour;
/** Lines of different processes come out of order by this much at most. */
const disorder = 10 * 60_000;

/**
 * Times without year and zone. The year of the first line is the latest that does not lie after `notAfter` (the file's
 * mtime, with a day for clocks that differ); from then on each line takes the year that puts it nearest to the line
 * before. An hour that the clock shows twice is the earlier one until the lines go backwards.
 */
export class Clock {
  private last: number | null;
  private hourKey = -1;
  private hourBase = 0;

  /**
   * @param notAfter No line is later than this (ms): the file's mtime, or now.
   * @param last Time of the line read before, where reading goes on after a pause; null at a beginning.
   */
  constructor(
    private readonly zone: Zone,
    private readonly notAfter: number,
    last: number | null = null,
  ) {
    this.last = last;
  }

  /** Time of the newest line read, to go on with later. */
  get state(): number | null {
    return this.last;
  }

  /** Month 0 to 11. NaN where no year has that day. */
  at(month: number, date: number, hours: number, minutes: number, seconds: number): number {
    const key = (month * 32 + date) * 24 + hours;
    if (key === this.hourKey) {
      const at = this.hourBase + (minutes * 60 + seconds) * 1000;
      this.last = at;
      return at;
    }
    const at = this.resolve(month, date, hours, minutes, seconds);
    if (Number.isNaN(at)) return at;
    // The whole hour has one offset and is shown once: its lines need no second look.
    const base = at - (minutes * 60 + seconds) * 1000;
    const offset = this.zone(base);
    if (
      this.zone(base + hour - 1) === offset &&
      this.zone(base - 2 * hour) === offset &&
      this.zone(base + 2 * hour) === offset
    ) {
      this.hourKey = key;
      this.hourBase = base;
    } else this.hourKey = -1;
    this.last = at;
    return at;
  }

  /** A time that the log gave in full: keeps the year of the lines that follow. */
  saw(at: number): void {
    this.last = at;
    this.hourKey = -1;
  }

  private resolve(month: number, date: number, hours: number, minutes: number, seconds: number): number {
    const near = this.last ?? this.notAfter;
    const nearYear = new Date(near).getUTCFullYear();
    let best = Number.NaN;
    for (let year = nearYear + 1; year >= nearYear - 8; year--) {
      const wall = Date.UTC(year, month, date, hours, minutes, seconds);
      if (new Date(wall).getUTCDate() !== date) continue;
      const at = this.fromWall(wall);
      if (this.last === null) {
        if (at <= this.notAfter + day) return at;
      } else if (Number.isNaN(best) || Math.abs(at - near) < Math.abs(best - near)) best = at;
    }
    return best;
  }

  /** @param wall What the wall clock showed, as if it were UTC. */
  private fromWall(wall: number): number {
    const before = wall - this.zone(wall - day) * 60_000;
    const after = wall - this.zone(wall + day) * 60_000;
    if (before === after) return before;
    const early = Math.min(before, after);
    const late = Math.max(before, after);
    const earlyHolds = early + this.zone(early) * 60_000 === wall;
    const lateHolds = late + this.zone(late) * 60_000 === wall;
    if (earlyHolds && lateHolds) return this.last !== null && early < this.last - disorder ? late : early;
    if (earlyHolds) return early;
    // A time that the wall clock jumped over reads as the clock before the jump.
    return lateHolds ? late : before;
  }
}
