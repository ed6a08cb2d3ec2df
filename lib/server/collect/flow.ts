import "server-only";

/** Bytes that are gathered before the sender is asked to wait. */
const enough = 512 * 1024;

/**
 * Gathers what comes and hands it on, one part after the other; whoever sends waits when too much is held. Each part is in
 * memory of its own, which whoever takes it may give away.
 */
export class Flow {
  private part: Uint8Array | null = null;
  private parts: Uint8Array[] = [];
  /** Bytes of `part` that are taken up. */
  private filled = 0;
  private size = 0;
  private taking: Promise<void> | null = null;
  private failed: unknown = null;

  constructor(private readonly take: (bytes: Uint8Array) => Promise<void>) {}

  push(data: Uint8Array): void {
    this.size += data.length;
    for (let at = 0; at < data.length; ) {
      this.part ??= new Uint8Array(enough);
      const piece = data.subarray(at, at + enough - this.filled);
      this.part.set(piece, this.filled);
      this.filled += piece.length;
      at += piece.length;
      if (this.filled === enough) this.seal();
    }
  }

  private seal(): void {
    if (this.part && this.filled > 0) this.parts.push(this.part.subarray(0, this.filled));
    this.part = null;
    this.filled = 0;
  }

  /** Called after each piece from the network. What it answers is to be waited for. */
  pace(): Promise<void> | undefined {
    if (this.failed) throw this.failed;
    if (!this.taking && this.size > 0) this.taking = this.hand();
    return this.size >= enough ? (this.taking ?? undefined) : undefined;
  }

  private async hand(): Promise<void> {
    try {
      while (this.size > 0) {
        if (this.parts.length === 0) this.seal();
        const bytes = this.parts.shift() as Uint8Array;
        this.size -= bytes.length;
        await this.take(bytes);
      }
    } catch (error) {
      this.failed = error;
    } finally {
      this.taking = null;
    }
  }

  /** Resolves when all is taken; throws what taking threw. */
  async end(): Promise<void> {
    await this.taking;
    if (!this.failed && this.size > 0) await this.hand();
    if (this.failed) throw this.failed;
  }
}
