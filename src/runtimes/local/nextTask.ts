/**
 * Resolves in a later task, so that messages waiting for this thread are handled first. A MessageChannel, because
 * browsers hold nested zero timeouts back for 4 ms.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
