import { cn } from "./cn";
import { visiblePieces, visibleText } from "./visible-text";

/**
 * Text that somebody else wrote (addresses, subjects, log lines). Shown as text, isolated from the direction of what
 * stands around it, with control characters made visible.
 */
export function Raw({
  children,
  lines,
  mono,
  className,
  empty = "none",
  title,
}: {
  children: string | null | undefined;
  lines?: boolean;
  mono?: boolean;
  className?: string;
  empty?: string;
  title?: boolean;
}) {
  if (children === null || children === undefined || children === "")
    return <span className="text-muted italic">{empty}</span>;
  const pieces = visiblePieces(children, lines);
  return (
    <bdi
      className={cn(mono && "font-mono text-[12.5px]", lines && "whitespace-pre-wrap break-words", className)}
      title={title ? visibleText(children) : undefined}
    >
      {pieces.map((piece, index) =>
        piece.control ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other identity
          <span key={index} className="rounded-xs bg-warn-soft px-0.5 font-mono text-[0.85em] text-warn">
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </bdi>
  );
}
