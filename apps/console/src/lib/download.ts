import { type ExportedFile } from '../api/contract';

/** Hands a file to the browser, which saves it. */
export function download({ fileName, mediaType, content }: ExportedFile): void {
  const url = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun by then, and has its own hold on the bytes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
