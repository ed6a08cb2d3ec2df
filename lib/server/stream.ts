import "server-only";
import { requireUser } from "./auth";
import { subscribe } from "./bus";

/** ms; proxies close a connection on which nothing comes, most after a minute. */
const heartbeat = 15_000;
/** A reader that lets this many bytes pile up has gone away or sleeps; its page reconnects and fetches anew. */
const mostWaiting = 1_000_000;

/**
 * Server-sent events of everything on the bus, until the browser goes (HTML standard, section 9.2) or who asked is no
 * longer signed in, which is looked at with each heartbeat.
 */
export function streamFor(request: Request): Response {
  const encoder = new TextEncoder();
  let end = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string) => {
          const bytes = encoder.encode(text);
          if ((controller.desiredSize ?? 0) < -mostWaiting) return end();
          controller.enqueue(bytes);
        };
        const stop = subscribe((name, data) => send(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
        const beat = setInterval(() => {
          requireUser(request, false).then(
            () => send(": here\n\n"),
            () => end(),
          );
        }, heartbeat);
        end = () => {
          stop();
          clearInterval(beat);
          request.signal.removeEventListener("abort", end);
          try {
            controller.close();
          } catch {
            // It was closed from the other side.
          }
        };
        request.signal.addEventListener("abort", end);
        send("retry: 2000\n\n");
      },
      cancel: () => end(),
    },
    { highWaterMark: 0, size: (chunk) => chunk?.byteLength ?? 0 },
  );
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}
