// Starts Spotlight for the end-to-end test: the library, not the command, since
// the command listens on all interfaces and reports to a DSN of its own.
import { readdirSync, readFileSync } from "node:fs";
import net from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setupSpotlight } from "@spotlightjs/spotlight";

// The library has no setting for the address.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, host, ...rest) {
  return listen.call(this, port, host ?? "127.0.0.1", ...rest);
};

// All files of the page. Given only the folder, the library serves two of them.
const ui = join(dirname(fileURLToPath(import.meta.resolve("@spotlightjs/spotlight"))), "..", "ui");
const filesToServe = {};
for (const entry of readdirSync(ui, { recursive: true, withFileTypes: true })) {
  if (entry.isFile()) {
    const path = join(entry.parentPath, entry.name);
    filesToServe[path.slice(ui.length + 1)] = readFileSync(path);
  }
}

const server = await setupSpotlight({ port: 0, filesToServe, isStandalone: true });
const { address, port } = server.address();
console.log(`listening on http://${address}:${port}`);
