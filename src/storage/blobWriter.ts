/** Characters that wait to become a part of the file; the parts of a large one the browser keeps on disk. */
const PART = 1 << 20;

/** Makes a file out of texts that come one after the other, without holding them all. */
export class BlobWriter {
  private readonly parts: Blob[] = [];
  private waiting: string[] = [];
  private length = 0;

  append(text: string): void {
    this.waiting.push(text);
    this.length += text.length;
    if (this.length >= PART) this.flush();
  }

  finish(type: string): Blob {
    this.flush();
    return new Blob(this.parts, { type });
  }

  private flush(): void {
    this.parts.push(new Blob(this.waiting));
    this.waiting = [];
    this.length = 0;
  }
}
